import { type Box, intersection } from "./box";
import { EMPTY_MASK, type Mask } from "./mask";
import { parseCounts, type Rle } from "./rle";
import { inside, type Size, type Vector } from "./vector";

/**
 * A mask as its runs, without a byte a pixel: hundreds of masks of a large image stay small. Positions count down
 * the columns of the whole image; even places of `edges` begin a run, odd ones end it.
 */
export interface Runs extends Size {
  readonly edges: Uint32Array;
}

export function runsOf({ size: [height, width], counts }: Rle): Runs {
  let position = 0;
  const ends = parseCounts(counts).map((count) => {
    position += count;
    return position;
  });
  // The end of the last background is no run's edge.
  return { width, height, edges: Uint32Array.from(ends.length % 2 === 0 ? ends : ends.slice(0, -1)) };
}

/** How many of `edges` lie at or before `position`. */
function passed(edges: Uint32Array, position: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the pixel under an image point belongs to the mask. */
export function runsContain(runs: Runs, p: Vector): boolean {
  if (!inside(p, runs)) return false;
  return passed(runs.edges, Math.floor(p.x) * runs.height + Math.floor(p.y)) % 2 === 1;
}

/** Whether a pixel of the mask lies within `reach` pixels of an image point. */
export function runsReach(runs: Runs, p: Vector, reach: number): boolean {
  const first = Math.max(0, Math.floor(p.x - reach));
  const last = Math.min(runs.width - 1, Math.floor(p.x + reach));
  for (let column = first; column <= last; column++) {
    const dx = Math.max(column - p.x, p.x - column - 1, 0);
    const dy = Math.sqrt(Math.max(reach * reach - dx * dx, 0));
    const top = Math.max(0, Math.floor(p.y - dy));
    const bottom = Math.min(runs.height, Math.floor(p.y + dy) + 1);
    if (top < bottom && meetsColumn(runs, column, top, bottom)) return true;
  }
  return false;
}

/** Whether the mask has a pixel of one column from row `top` up to, but without, `bottom`. */
function meetsColumn({ edges, height }: Runs, column: number, top: number, bottom: number): boolean {
  const start = column * height + top;
  const i = passed(edges, start);
  return i % 2 === 1 || (edges[i] ?? Number.POSITIVE_INFINITY) < column * height + bottom;
}

/** Calls `visit(top, bottom)` for each run of one column between two rows; `bottom` is the row after the last. */
function eachInColumn(
  { edges, height }: Runs,
  column: number,
  [from, to]: readonly [number, number],
  visit: (top: number, bottom: number) => void,
): void {
  const start = column * height + from;
  const end = column * height + to;
  for (let i = passed(edges, start) & ~1; i < edges.length; i += 2) {
    const first = edges[i] ?? 0;
    if (first >= end) return;
    const [top, bottom] = [Math.max(first, start), Math.min(edges[i + 1] ?? 0, end)];
    if (bottom > top) visit(top - column * height, bottom - column * height);
  }
}

const clippedTo = ({ width, height }: Size, box: Box): Box =>
  intersection(box, { x: 0, y: 0, w: width, h: height });

/** How many pixels of the mask have their centres in a box. */
export function areaInside(runs: Runs, box: Box): number {
  const [left, right] = [Math.round(box.x), Math.round(box.x + box.w)];
  const [top, bottom] = [Math.round(box.y), Math.round(box.y + box.h)];
  const { x, y, w, h } = clippedTo(runs, { x: left, y: top, w: right - left, h: bottom - top });
  let area = 0;
  for (let column = x; column < x + w; column++) {
    eachInColumn(runs, column, [y, y + h], (start, end) => {
      area += end - start;
    });
  }
  return area;
}

/** How many pixels both masks have. */
export function areaInCommon(runs: Runs, mask: Mask): number {
  const { x, y, w, h } = clippedTo(runs, mask);
  let area = 0;
  for (let column = x; column < x + w; column++) {
    eachInColumn(runs, column, [y, y + h], (start, end) => {
      for (let row = start; row < end; row++) {
        area += mask.data[(row - mask.y) * mask.w + column - mask.x] ?? 0;
      }
    });
  }
  return area;
}

/**
 * The mask with one pixel for each square of `step` × `step`, in units of `step`: set where the middle of the square
 * is. `box` bounds the mask in image pixels. With step 1 these are its very pixels.
 */
export function coarseMask(runs: Runs, box: Box, step: number): Mask {
  const { x, y, w, h } = clippedTo(runs, box);
  const [left, top] = [Math.floor(x / step), Math.floor(y / step)];
  const size = { w: Math.ceil((x + w) / step) - left, h: Math.ceil((y + h) / step) - top };
  if (size.w <= 0 || size.h <= 0) return EMPTY_MASK;
  const data = new Uint8Array(size.w * size.h);
  const half = step >> 1;
  for (let column = 0; column < size.w; column++) {
    const at = Math.min((left + column) * step + half, runs.width - 1);
    eachInColumn(runs, at, [0, runs.height], (start, end) => {
      const first = Math.max(Math.ceil((start - half) / step) - top, 0);
      const last = Math.min(Math.ceil((end - half) / step) - top, size.h);
      for (let row = first; row < last; row++) data[row * size.w + column] = 1;
    });
  }
  return { x: left, y: top, ...size, data };
}
