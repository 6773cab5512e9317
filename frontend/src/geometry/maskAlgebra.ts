import { type Box, intersection, union } from "./box";
import { EMPTY_MASK, type Mask } from "./mask";

const isEmpty = ({ w, h }: Box) => w === 0 || h === 0;

const blank = ({ x, y, w, h }: Box): Mask => ({ x, y, w, h, data: new Uint8Array(w * h) });

/** Writes `value` into `target` wherever `source` has a pixel. Outside of `target` nothing happens. */
function stamp(target: Mask, source: Mask, value: 0 | 1): void {
  const { x, y, w, h } = intersection(target, source);
  for (let row = y; row < y + h; row++) {
    const from = (row - source.y) * source.w - source.x;
    const to = (row - target.y) * target.w - target.x;
    for (let column = x; column < x + w; column++) {
      if (source.data[from + column] === 1) target.data[to + column] = value;
    }
  }
}

const anyIn = (data: Uint8Array, start: number, end: number, step: number): boolean => {
  for (let i = start; i < end; i += step) if (data[i] === 1) return true;
  return false;
};

/** The same pixels in the smallest box that holds them. */
export function trimmed(mask: Mask): Mask {
  const { w, h, data } = mask;
  const row = (y: number) => anyIn(data, y * w, (y + 1) * w, 1);
  const column = (x: number) => anyIn(data, x, w * h, w);
  let [left, top, right, bottom] = [0, 0, w, h];
  while (top < h && !row(top)) top++;
  if (top === h) return EMPTY_MASK;
  while (!row(bottom - 1)) bottom--;
  while (!column(left)) left++;
  while (!column(right - 1)) right--;
  if (right - left === w && bottom - top === h) return mask;
  return cropped(mask, { x: mask.x + left, y: mask.y + top, w: right - left, h: bottom - top });
}

function cropped(mask: Mask, box: Box): Mask {
  const part = blank(box);
  stamp(part, mask, 1);
  return part;
}

/** The pixels of either. */
export function unite(a: Mask, b: Mask): Mask {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const both = blank(union(a, b));
  stamp(both, a, 1);
  stamp(both, b, 1);
  return both;
}

/** The pixels of `a` that `b` has not. */
export function without(a: Mask, b: Mask): Mask {
  const rest = { ...a, data: a.data.slice() };
  stamp(rest, b, 0);
  return trimmed(rest);
}

/** The pixels of both. */
export const common = (a: Mask, b: Mask): Mask => without(a, without(a, b));
