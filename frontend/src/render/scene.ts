import type { Box, Corners } from "../geometry/box";
import type { Mask } from "../geometry/mask";
import type { Stroke, Tip } from "../geometry/stroke";
import type { Size, Vector } from "../geometry/vector";
import { type Viewport, visibleBox } from "../geometry/viewport";
import type { Annotation, PromptPoint } from "../model/annotation";
import type { Candidate } from "../model/prediction";
import type { Proposal } from "../model/proposal";
import type { TiledPhoto } from "./TiledPhoto";

/** How strongly an annotation is drawn. */
export type Emphasis = "faint" | "normal" | "hovered" | "selected";

export interface Shape {
  readonly annotation: Annotation;
  readonly colour: string;
  readonly emphasis: Emphasis;
  /** Drawn this far from where it is, in image pixels, while it is being moved. */
  readonly by?: Vector;
  /** Only its edge, so that the photograph beneath can be judged. */
  readonly outlineOnly: boolean;
  /** With a dashed edge: not what there is, but what there was or could be. */
  readonly dashed?: boolean;
}

/** A brush stroke on its way into a mask (null: a new one): it adds or takes away. */
export interface StrokeOverlay extends Stroke {
  readonly erases: boolean;
  readonly mask: Mask | null;
}

/** Unfinished work, drawn on top of everything. Positions and radii are in image pixels. */
export interface Overlay {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  /** A mask that could be kept. */
  readonly candidate: Pick<Candidate, "segmentation" | "bbox"> | null;
  readonly colour: string;
  readonly pending: boolean;
  readonly stroke: StrokeOverlay | null;
  /** Proposals that would be accepted now. */
  readonly lit: readonly Proposal[];
  /** What is pointed at or selected, which is among the scene's shapes: only what that adds is drawn here. */
  readonly emphasised: readonly Shape[];
  /** What is being dragged. */
  readonly shapes: readonly Shape[];
  /** Where something can be taken hold of, and the one that was last. */
  readonly handles: readonly Vector[];
  readonly handle: Vector | null;
  /** A polygon under way, and the pointer it reaches to. */
  readonly line: {
    readonly points: readonly Vector[];
    readonly at: Vector | null;
    readonly closes: boolean;
  } | null;
  /** The brush under the pointer. */
  readonly ring: { readonly at: Vector; readonly radius: number; readonly tip: Tip } | null;
  /** Where arrow keys have brought the pointer. */
  readonly crosshair: Vector | null;
}

export const NO_OVERLAY: Overlay = {
  points: [],
  box: null,
  candidate: null,
  colour: "",
  pending: false,
  stroke: null,
  lit: [],
  emphasised: [],
  shapes: [],
  handles: [],
  handle: null,
  line: null,
  ring: null,
  crosshair: null,
};

/** Whether an overlay shows nothing. A colour alone is nothing to see. */
export function isEmpty({ colour: _, pending: __, ...drawn }: Overlay): boolean {
  return Object.values(drawn).every((part) => part === null || (Array.isArray(part) && part.length === 0));
}

/** How all shapes are drawn: how dense inside, and whether with an edge. */
export interface ShapeStyle {
  readonly opacity: number;
  readonly outlines: boolean;
}

export const PLAIN_STYLE: ShapeStyle = { opacity: 0.35, outlines: true };

/** What the canvases show. Parts that stay the same object are not drawn again. */
export interface Scene {
  readonly screen: Size;
  readonly viewport: Viewport;
  readonly image: Size;
  readonly photo: CanvasImageSource | TiledPhoto | null;
  /** Another number when there is more of the photograph to be drawn. */
  readonly photoVersion?: number;
  /** A CSS filter for the light of the photograph, and of nothing else. */
  readonly photoFilter: string;
  readonly style: ShapeStyle;
  readonly proposals: readonly Proposal[];
  /** From below to above. Shapes that stay as they are stay the same objects: the others are drawn anew. */
  readonly shapes: readonly Shape[];
  readonly overlay: Overlay;
}

/** The part of the image that can be seen, in image pixels. */
export const visiblePart = ({ viewport, screen, image }: Pick<Scene, "viewport" | "screen" | "image">): Box =>
  visibleBox(viewport, screen, image);
