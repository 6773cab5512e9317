import { clamp } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import { boundsOf } from "../model/annotation";
import { edgeOf } from "./edges";
import { quickLook } from "./quickLook";
import { type Emphasis, type Scene, type Shape, type ShapeStyle, visiblePart } from "./scene";
import { TiledPhoto } from "./TiledPhoto";
import { drawTiledPhoto } from "./tiles";

export type Context = CanvasRenderingContext2D;

export interface Hints {
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  /** It will be drawn again in a moment, so that time matters more than looks. */
  readonly rough: boolean;
}

/** From this scale on single pixels are shown as squares, as whoever zooms in that far wants to see them. */
export const CRISP_FROM = 2;
/** What emphasis adds to how dense masks are. */
const DENSER = { faint: -1, normal: 0, hovered: 0.1, selected: 0 } satisfies Record<Emphasis, number>;
/** CSS pixels below which a shape has a thin edge. */
const SMALL = 28;
const WIDTH = { faint: 1, normal: 2, hovered: 2.5, selected: 3 } satisfies Record<Emphasis, number>;
const HALO = "rgba(0, 0, 0, 0.55)";

/** From here on the context draws in image pixels. `ratio` is device pixels a CSS pixel. */
export function toImageSpace(context: Context, { scale, x, y }: Viewport, ratio: number): void {
  context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
}

/** `rough` takes less time, and shows jagged edges where the photograph is made smaller. */
export function drawPhoto(context: Context, scene: Scene, { ratio, rough }: Hints): void {
  const { photo, viewport, image } = scene;
  const seen = visiblePart(scene);
  if (!photo || seen.w === 0 || seen.h === 0) return;
  context.imageSmoothingEnabled = viewport.scale < CRISP_FROM;
  context.imageSmoothingQuality = rough ? "low" : "high";
  if (photo instanceof TiledPhoto) {
    drawTiledPhoto(context, photo, scene, ratio);
  } else {
    toImageSpace(context, viewport, ratio);
    // Browsers keep what they have made smaller, for the same part of it: the whole stays the same while it moves.
    const smaller = viewport.scale * ratio < 1;
    const look = rough ? quickLook(photo, viewport.scale * ratio) : undefined;
    const { x, y, w, h } = smaller ? { x: 0, y: 0, w: image.width, h: image.height } : seen;
    if (look) context.drawImage(look, 0, 0, image.width, image.height);
    else context.drawImage(photo, x, y, w, h, x, y, w, h);
  }
}

/** A shape in full: what is inside, and its edge. */
export function drawShape(context: Context, shape: Shape, scale: number, style: ShapeStyle): void {
  inPlace(context, shape, () => {
    const edge = edgeOf(shape.annotation, scale * window.devicePixelRatio);
    if (!edge) return;
    if (!shape.outlineOnly) fill(context, shape, edge, clamp(style.opacity + DENSER[shape.emphasis], 0, 1));
    if (isEdged(shape, style)) strokeEdge(context, shape, edge, scale);
  });
}

/** What emphasis adds to a shape that is drawn already. */
export function drawEmphasis(context: Context, shape: Shape, scale: number): void {
  inPlace(context, shape, () => {
    const edge = edgeOf(shape.annotation, scale * window.devicePixelRatio);
    if (!edge) return;
    fill(context, shape, edge, DENSER[shape.emphasis]);
    strokeEdge(context, shape, edge, scale);
  });
}

function inPlace(context: Context, { by = { x: 0, y: 0 } }: Shape, draw: () => void): void {
  context.translate(by.x, by.y);
  draw();
  context.translate(-by.x, -by.y);
}

/** A box is nothing but its edge, and what one points at must be seen. */
const isEdged = ({ annotation, emphasis, outlineOnly }: Shape, { outlines }: ShapeStyle): boolean =>
  outlines || outlineOnly || emphasis !== "normal" || annotation.kind === "box";

function fill(context: Context, { annotation, colour }: Shape, edge: Path2D, alpha: number): void {
  if (alpha <= 0 || annotation.kind === "box") return;
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fill(edge, "evenodd");
  context.globalAlpha = 1;
}

function strokeEdge(context: Context, shape: Shape, edge: Path2D, scale: number): void {
  const { colour, emphasis, dashed } = shape;
  const plain = emphasis === "faint" || (emphasis === "normal" && isSmall(shape, scale));
  const width = plain ? 1 : WIDTH[emphasis];
  strokeWithHalo(context, edge, colour, width / scale, plain ? 0 : 1 / scale);
  if (emphasis === "selected" || dashed) strokeDashed(context, edge, scale);
}

/** Small things would vanish behind a wide edge, and of thousands it would take long. */
function isSmall({ annotation }: Shape, scale: number): boolean {
  const box = boundsOf(annotation);
  return box !== null && Math.max(box.w, box.h) * scale < SMALL;
}

/** A dark edge on both sides keeps a coloured line readable on any photograph. */
export function strokeWithHalo(
  context: Context,
  path: Path2D,
  colour: string,
  width: number,
  halo: number,
): void {
  context.lineJoin = "round";
  if (halo > 0) {
    context.strokeStyle = HALO;
    context.lineWidth = width + 2 * halo;
    context.stroke(path);
  }
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}

function strokeDashed(context: Context, path: Path2D, scale: number): void {
  context.setLineDash([6 / scale, 6 / scale]);
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1.5 / scale;
  context.stroke(path);
  context.setLineDash([]);
}
