import { type Box, overlaps } from "../geometry/box";
import type { Vector } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import { type Context, drawShape } from "./draw";
import type { Scene, Shape } from "./scene";
import { boxOf, onScreen } from "./stale";

/** What the thickest edge needs around a shape, in CSS pixels. */
const EDGE = 4;

/** How shapes become pixels: where the image lies, in device pixels, and how many of these a CSS pixel has. */
export interface Projection {
  readonly view: Viewport;
  readonly ratio: number;
}

export const placeOf = (box: Box, { view, ratio }: Projection): Box => onScreen(box, view, EDGE * ratio);

/** The shapes that have pixels in a part of the screen, the lowest first. */
export const shapesWithin = (shapes: readonly Shape[], region: Box, projection: Projection): Shape[] =>
  shapes.filter((shape) => {
    const box = boxOf(shape);
    return box !== null && overlaps(placeOf(box, projection), region);
  });

/** Draws shapes on a canvas whose top left pixel is `origin` of the screen. */
export function drawShapes(
  context: Context,
  shapes: readonly Shape[],
  { view, ratio }: Projection,
  origin: Pick<Box, "x" | "y">,
  style: Scene["style"],
): void {
  context.setTransform(view.scale, 0, 0, view.scale, view.x - origin.x, view.y - origin.y);
  for (const shape of shapes) drawShape(context, shape, view.scale / ratio, style);
}

/** Draws anew what lies in a part of the screen, and nothing else. */
export function drawRegion(
  context: Context,
  region: Box,
  shapes: readonly Shape[],
  projection: Projection,
  style: Scene["style"],
): void {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.beginPath();
  context.rect(region.x, region.y, region.w, region.h);
  context.clip();
  context.clearRect(region.x, region.y, region.w, region.h);
  drawShapes(context, shapes, projection, { x: 0, y: 0 }, style);
  context.restore();
}

/** Moves everything on a canvas by whole pixels. */
export function shift(context: Context, { x, y }: Vector): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = "copy";
  context.drawImage(context.canvas, x, y);
  context.globalCompositeOperation = "source-over";
}
