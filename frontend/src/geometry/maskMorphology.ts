import { type Box, grow, intersection } from "./box";
import { EMPTY_MASK, type Mask } from "./mask";
import { trimmed } from "./maskAlgebra";
import type { Size } from "./vector";

const wholeOf = ({ width, height }: Size): Box => ({ x: 0, y: 0, w: width, h: height });

/** The pixels inside a box, of a mask that may reach over it or fall short of it. */
function windowOf(mask: Mask, { x, y, w, h }: Box): Mask {
  const data = new Uint8Array(w * h);
  const seen = intersection(mask, { x, y, w, h });
  for (let row = seen.y; row < seen.y + seen.h; row++) {
    const from = (row - mask.y) * mask.w + seen.x - mask.x;
    data.set(mask.data.subarray(from, from + seen.w), (row - y) * w + seen.x - x);
  }
  return { x, y, w, h, data };
}

/** How far pixels lie from the nearest one of a mask, squared; what is farther than `most` counts as infinite. */
function squaredDistances({ w, h, data }: Mask, most: number): Float64Array {
  const near = new Float64Array(w * h).fill(Infinity);
  for (let x = 0; x < w; x++) columnDistances(data, near, x, w, h, most);
  const squared = new Float64Array(w * h).fill(Infinity);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const up = near[y * w + x] ?? Infinity;
      if (up === Infinity) continue;
      const last = Math.min(w - 1, x + most);
      for (let at = Math.max(0, x - most); at <= last; at++) {
        const reached = up * up + (at - x) ** 2;
        if (reached < (squared[y * w + at] ?? 0)) squared[y * w + at] = reached;
      }
    }
  }
  return squared;
}

/** How far each pixel of a column lies from the nearest one of the mask above or below it. */
function columnDistances(
  data: Uint8Array,
  near: Float64Array,
  x: number,
  w: number,
  h: number,
  most: number,
) {
  let above = Infinity;
  for (let y = 0; y < h; y++) {
    above = data[y * w + x] === 1 ? 0 : above + 1;
    near[y * w + x] = above > most ? Infinity : above;
  }
  let below = Infinity;
  for (let y = h - 1; y >= 0; y--) {
    below = data[y * w + x] === 1 ? 0 : below + 1;
    if (below <= most && below < (near[y * w + x] ?? 0)) near[y * w + x] = below;
  }
}

/** The mask with every pixel of the image that lies within `by` pixels of it, by the straight line. */
export function grown(mask: Mask, by: number, image: Size): Mask {
  if (mask.w === 0) return mask;
  const wide = windowOf(mask, intersection(grow(mask, by), wholeOf(image)));
  const away = squaredDistances(wide, by);
  return trimmed({ ...wide, data: wide.data.map((_, i) => ((away[i] ?? Infinity) <= by * by ? 1 : 0)) });
}

/** The mask without the pixels that lie within `by` pixels of what is around it; the image's edge takes nothing. */
export function shrunk(mask: Mask, by: number, image: Size): Mask {
  if (mask.w === 0) return mask;
  const wide = windowOf(mask, intersection(grow(mask, by), wholeOf(image)));
  const around = { ...wide, data: wide.data.map((value) => 1 - value) };
  const away = squaredDistances(around, by);
  return trimmed({ ...wide, data: wide.data.map((_, i) => ((away[i] ?? Infinity) > by * by ? 1 : 0)) });
}

const REACH = 2;

/** Each pixel becomes what most of the 5 × 5 around it are: jagged edges and single pixels go, the size stays. */
export function smoothed(mask: Mask, image: Size): Mask {
  if (mask.w === 0) return EMPTY_MASK;
  const wide = windowOf(mask, intersection(grow(mask, REACH), wholeOf(image)));
  const sums = sumsOf(wide);
  const data = wide.data.map((_, i) => {
    const around = aroundPixel(wide.x + (i % wide.w), wide.y + Math.floor(i / wide.w), image);
    return 2 * sumIn(sums, wide, intersection(around, wide)) > around.w * around.h ? 1 : 0;
  });
  return trimmed({ ...wide, data });
}

/** The 5 × 5 around a pixel; at the image's edge it is less, as nothing is known beyond. */
const aroundPixel = (x: number, y: number, image: Size): Box =>
  intersection({ x: x - REACH, y: y - REACH, w: 2 * REACH + 1, h: 2 * REACH + 1 }, wholeOf(image));

/** Sums of everything above and to the left, one row and column more than the mask. */
function sumsOf({ w, h, data }: Mask): Int32Array {
  const sums = new Int32Array((w + 1) * (h + 1));
  for (let y = 0; y < h; y++) {
    let row = 0;
    for (let x = 0; x < w; x++) {
      row += data[y * w + x] ?? 0;
      sums[(y + 1) * (w + 1) + x + 1] = row + (sums[y * (w + 1) + x + 1] ?? 0);
    }
  }
  return sums;
}

function sumIn(sums: Int32Array, { x: left, y: top, w }: Box, box: Box): number {
  const at = (x: number, y: number) => sums[(y - top) * (w + 1) + x - left] ?? 0;
  const [right, bottom] = [box.x + box.w, box.y + box.h];
  return at(right, bottom) - at(right, box.y) - at(box.x, bottom) + at(box.x, box.y);
}
