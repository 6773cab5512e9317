import type { Box } from "../geometry/box";
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
export function shapesWithin(shapes: readonly Shape[], region: Box, { view, ratio }: Projection): Shape[] {
  // A pixel more on each side, as a shape's place is in whole pixels.
  const margin = EDGE * ratio + 1;
  const left = (region.x - margin - view.x) / view.scale;
  const top = (region.y - margin - view.y) / view.scale;
  const right = (region.x + region.w + margin - view.x) / view.scale;
  const bottom = (region.y + region.h + margin - view.y) / view.scale;
  const sides = sidesOf(shapes);
  const side = (shape: number, which: number) => sides[4 * shape + which] ?? Number.NaN;
  return shapes.filter(
    (_, i) => side(i, 0) < right && side(i, 1) < bottom && side(i, 2) > left && side(i, 3) > top,
  );
}

const allSides = new WeakMap<readonly Shape[], Float64Array>();

/** Left, top, right and bottom of each shape in image pixels: moving the view looks at thousands of them each frame. */
function sidesOf(shapes: readonly Shape[]): Float64Array {
  const sides = allSides.get(shapes) ?? new Float64Array(shapes.flatMap(sidesOfOne));
  allSides.set(shapes, sides);
  return sides;
}

/** What has no place lies nowhere. */
function sidesOfOne(shape: Shape): number[] {
  const box = boxOf(shape);
  return box ? [box.x, box.y, box.x + box.w, box.y + box.h] : [Infinity, Infinity, -Infinity, -Infinity];
}

/** Device pixels of width and height together with which a shape takes as much longer to draw as a tiny one takes. */
const LARGER = 48;

/** How long a shape takes to draw, beside a tiny one: its edge has as many more corners as it is larger on the screen. */
export function weightOf(shape: Shape, { view }: Projection): number {
  const box = boxOf(shape);
  return box ? 1 + ((box.w + box.h) * view.scale) / LARGER : 1;
}

export const weightOfAll = (shapes: readonly Shape[], projection: Projection): number =>
  shapes.reduce((sum, shape) => sum + weightOf(shape, projection), 0);

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

interface Region {
  readonly region: Box;
  /** Of the screen, or of what else `projection` leads to: where the top left pixel of the canvas is. */
  readonly origin: Pick<Box, "x" | "y">;
  readonly shapes: readonly Shape[];
  readonly projection: Projection;
  readonly style: Scene["style"];
}

/** Draws anew what lies in a part of the picture, and nothing else. */
export function drawRegion(context: Context, { region, origin, shapes, projection, style }: Region): void {
  const [x, y] = [region.x - origin.x, region.y - origin.y];
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.beginPath();
  context.rect(x, y, region.w, region.h);
  context.clip();
  context.clearRect(x, y, region.w, region.h);
  drawShapes(context, shapes, projection, origin, style);
  context.restore();
}
