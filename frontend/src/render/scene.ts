import type { Box, Corners } from "../geometry/box";
import type { Mask } from "../geometry/mask";
import type { Size } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import type { Annotation, PromptPoint } from "../model/annotation";

/** How strongly an annotation is drawn. */
export type Emphasis = "faint" | "normal" | "hovered" | "selected";

export interface Shape {
  readonly annotation: Annotation;
  readonly colour: string;
  readonly emphasis: Emphasis;
  /** Only its edge, so that the photograph beneath can be judged. */
  readonly outlineOnly: boolean;
}

/** Unfinished work, drawn on top of everything. */
export interface Overlay {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  readonly mask: Mask | null;
  readonly colour: string;
  readonly pending: boolean;
}

/** What the canvases show. Parts that stay the same object are not drawn again. */
export interface Scene {
  readonly screen: Size;
  readonly viewport: Viewport;
  readonly image: Size;
  readonly photo: CanvasImageSource | null;
  readonly shapes: readonly Shape[];
  readonly overlay: Overlay;
}

/** The part of the image that can be seen, in image pixels. */
export function visiblePart({ viewport, screen, image }: Pick<Scene, "viewport" | "screen" | "image">): Box {
  const left = Math.max(0, Math.floor(-viewport.x / viewport.scale));
  const top = Math.max(0, Math.floor(-viewport.y / viewport.scale));
  const right = Math.min(image.width, Math.ceil((screen.width - viewport.x) / viewport.scale));
  const bottom = Math.min(image.height, Math.ceil((screen.height - viewport.y) / viewport.scale));
  return { x: left, y: top, w: Math.max(0, right - left), h: Math.max(0, bottom - top) };
}
