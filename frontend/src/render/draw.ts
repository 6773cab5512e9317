import { type Box, fromXywh, overlaps } from "../geometry/box";
import { clamp } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import { type Annotation, boundsOf, pixelsOf } from "../model/annotation";
import { bitmapOf, outlineOf, polygonPath } from "./maskBitmap";
import { type Emphasis, type Scene, type Shape, type ShapeStyle, visiblePart } from "./scene";

export type Context = CanvasRenderingContext2D;

/** From this scale on single pixels are shown as squares, as whoever zooms in that far wants to see them. */
export const CRISP_FROM = 2;
/** What emphasis adds to how dense masks are. */
const DENSER = { faint: -1, normal: 0, hovered: 0.1, selected: 0 } satisfies Record<Emphasis, number>;
const WIDTH = { faint: 1, normal: 2, hovered: 2.5, selected: 3 } satisfies Record<Emphasis, number>;
const HALO = "rgba(0, 0, 0, 0.55)";

/** From here on the context draws in image pixels. `ratio` is device pixels a CSS pixel. */
export function toImageSpace(context: Context, { scale, x, y }: Viewport, ratio: number): void {
  context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
}

export function drawPhoto(context: Context, scene: Scene, ratio: number): void {
  if (!scene.photo) return;
  const { x, y, w, h } = visiblePart(scene);
  if (w === 0 || h === 0) return;
  toImageSpace(context, scene.viewport, ratio);
  context.imageSmoothingEnabled = scene.viewport.scale < CRISP_FROM;
  context.imageSmoothingQuality = "high";
  context.drawImage(scene.photo, x, y, w, h, x, y, w, h);
}

export function drawShapes(context: Context, scene: Scene, ratio: number): void {
  const seen = visiblePart(scene);
  toImageSpace(context, scene.viewport, ratio);
  for (const shape of scene.shapes) {
    const box = boundsOf(shape.annotation);
    if (box && overlaps(box, seen)) drawShape(context, shape, scene.viewport.scale, scene.style);
  }
}

export function drawShape(context: Context, shape: Shape, scale: number, style: ShapeStyle): void {
  const { x, y } = shape.by ?? { x: 0, y: 0 };
  context.translate(x, y);
  drawInPlace(context, shape, scale, style);
  context.translate(-x, -y);
}

function drawInPlace(
  context: Context,
  { annotation, colour, emphasis, outlineOnly, dashed }: Shape,
  scale: number,
  { opacity, outlines }: ShapeStyle,
): void {
  if (!outlineOnly) fill(context, annotation, colour, clamp(opacity + DENSER[emphasis], 0, 1), scale);
  const outline = edgeOf(annotation);
  // A box is nothing but its edge, and what one points at must be seen.
  const edged = outlines || outlineOnly || emphasis !== "normal" || annotation.kind === "box";
  if (!outline || !edged) return;
  strokeWithHalo(context, outline, colour, WIDTH[emphasis] / scale, emphasis === "faint" ? 0 : 1 / scale);
  if (emphasis === "selected" || dashed) strokeDashed(context, outline, scale);
}

function fill(context: Context, annotation: Annotation, colour: string, alpha: number, scale: number): void {
  if (alpha === 0) return;
  context.globalAlpha = alpha;
  if (annotation.polygon) {
    context.fillStyle = colour;
    context.fill(polygonPath(annotation.polygon), "evenodd");
  } else if (annotation.segmentation) {
    const mask = pixelsOf(annotation);
    context.imageSmoothingEnabled = scale < CRISP_FROM;
    if (mask.w > 0) context.drawImage(bitmapOf(mask, colour), mask.x, mask.y);
  }
  context.globalAlpha = 1;
}

function edgeOf(annotation: Annotation): Path2D | null {
  if (annotation.polygon) return polygonPath(annotation.polygon);
  if (annotation.segmentation) return outlineOf(pixelsOf(annotation));
  return annotation.bbox && boxPath(fromXywh(annotation.bbox));
}

export function boxPath({ x, y, w, h }: Box): Path2D {
  const path = new Path2D();
  path.rect(x, y, w, h);
  return path;
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
