import type { Box, Corners } from "./box";
import { clamp, distance, type Size, type Vector } from "./vector";

/** Which edges of a box a handle takes along: -1 the left or top one, 1 the right or bottom one, 0 neither. */
export interface Handle {
  readonly h: -1 | 0 | 1;
  readonly v: -1 | 0 | 1;
}

/** Corners first: where handles of a small box lie close together, a corner does more. */
export const HANDLES: readonly Handle[] = [
  { h: -1, v: -1 },
  { h: 1, v: -1 },
  { h: 1, v: 1 },
  { h: -1, v: 1 },
  { h: 0, v: -1 },
  { h: 1, v: 0 },
  { h: 0, v: 1 },
  { h: -1, v: 0 },
];

export const placeOf = ({ x, y, w, h }: Box, handle: Handle): Vector => ({
  x: x + (w * (handle.h + 1)) / 2,
  y: y + (h * (handle.v + 1)) / 2,
});

/** The handle nearest to a point, if one lies within `reach`. */
export function handleAt(box: Box, p: Vector, reach: number): Handle | null {
  const away = (handle: Handle) => distance(placeOf(box, handle), p);
  const nearest = HANDLES.reduce((best, handle) => (away(handle) < away(best) ? handle : best));
  return away(nearest) <= reach ? nearest : null;
}

const order = (a: number, b: number): [number, number] => [Math.min(a, b), Math.max(a, b)];

/** The box with a handle's edges moved to a point, in whole pixels and inside the image; it may turn over. */
export function resizedBox(box: Box, handle: Handle, to: Vector, image: Size): Box {
  const x = clamp(Math.round(to.x), 0, image.width);
  const y = clamp(Math.round(to.y), 0, image.height);
  const [left, right] = order(handle.h === -1 ? x : box.x, handle.h === 1 ? x : box.x + box.w);
  const [top, bottom] = order(handle.v === -1 ? y : box.y, handle.v === 1 ? y : box.y + box.h);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** How far a box can go along with a drag without leaving the image, in whole pixels. */
export const moveWithin = (box: Box, by: Vector, image: Size): Vector => ({
  x: clamp(Math.round(by.x), Math.ceil(-box.x), Math.floor(image.width - box.x - box.w)),
  y: clamp(Math.round(by.y), Math.ceil(-box.y), Math.floor(image.height - box.y - box.h)),
});

/** The corners in whole pixels: what a person drew by hand is no finer. */
export const wholePixels = (corners: Corners): Box => {
  const [x0, y0, x1, y1] = corners.map(Math.round) as [number, number, number, number];
  return { x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
};
