import type { Box } from "./box";
import type { Vector } from "./vector";

/** A binary mask cut to its bounding box: `data[row * w + column]` is 1 inside, x and y place it in the image. */
export interface Mask extends Box {
  readonly data: Uint8Array;
}

export const EMPTY_MASK: Mask = { x: 0, y: 0, w: 0, h: 0, data: new Uint8Array(0) };

/** Whether the pixel under an image point belongs to the mask. */
export function maskContains(mask: Mask, p: Vector): boolean {
  const column = Math.floor(p.x) - mask.x;
  const row = Math.floor(p.y) - mask.y;
  if (column < 0 || row < 0 || column >= mask.w || row >= mask.h) return false;
  return mask.data[row * mask.w + column] === 1;
}

/** Whether two masks, each in its smallest box, have the same pixels. */
export const samePixels = (a: Mask, b: Mask): boolean =>
  a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h && a.data.every((value, i) => value === b.data[i]);

export function maskArea(mask: Mask): number {
  let area = 0;
  for (const value of mask.data) area += value;
  return area;
}
