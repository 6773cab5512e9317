import { EMPTY_MASK, type Mask } from "./mask";
import type { Size } from "./vector";

/** COCO's compressed run lengths over the whole image, column by column; `size` is [height, width]. */
export interface Rle {
  readonly size: readonly [number, number];
  readonly counts: string;
}

// The format (pycocotools' maskApi): every number is the difference from the one two before it, from the
// fourth number on; written in little-endian groups of five bits, bit 5 = "more follows", plus 48 to be ASCII.
const CONTINUES = 0x20;
const FIVE_BITS = 0x1f;
const SIGN = 0x10;

export function parseCounts(text: string): number[] {
  const counts: number[] = [];
  let at = 0;
  while (at < text.length) {
    let value = 0;
    let shift = 0;
    let group: number;
    do {
      group = text.charCodeAt(at++) - 48;
      value += (group & FIVE_BITS) * 2 ** shift;
      shift += 5;
    } while (group & CONTINUES);
    if (group & SIGN) value -= 2 ** shift;
    counts.push(counts.length > 2 ? value + (counts[counts.length - 2] ?? 0) : value);
  }
  return counts;
}

function writeNumber(value: number): string {
  let text = "";
  let more = true;
  while (more) {
    const group = value & FIVE_BITS;
    value >>= 5;
    more = group & SIGN ? value !== -1 : value !== 0;
    text += String.fromCharCode((more ? group | CONTINUES : group) + 48);
  }
  return text;
}

const writeCounts = (counts: readonly number[]): string =>
  counts.map((count, i) => writeNumber(i > 2 ? count - (counts[i - 2] ?? 0) : count)).join("");

/** Calls `visit(start, end)` for each run of mask pixels; positions count down the columns. */
function eachRun(counts: readonly number[], visit: (start: number, end: number) => void): void {
  let position = 0;
  counts.forEach((count, i) => {
    if (i % 2 === 1 && count > 0) visit(position, position + count);
    position += count;
  });
}

function boundsOf(counts: readonly number[], height: number) {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  eachRun(counts, (start, end) => {
    const first = Math.floor(start / height);
    const last = Math.floor((end - 1) / height);
    left = Math.min(left, first);
    right = Math.max(right, last);
    top = first === last ? Math.min(top, start % height) : 0;
    bottom = first === last ? Math.max(bottom, (end - 1) % height) : height - 1;
  });
  return { x: left, y: top, w: right - left + 1, h: bottom - top + 1 };
}

/** Decodes straight into the bounding box, so that a small mask in a large image stays small. */
export function decodeRle({ size: [height], counts: text }: Rle): Mask {
  const counts = parseCounts(text);
  const box = boundsOf(counts, height);
  if (box.w <= 0) return EMPTY_MASK;
  const data = new Uint8Array(box.w * box.h);
  eachRun(counts, (start, end) => {
    let column = Math.floor(start / height);
    let row = start - column * height;
    for (let i = start; i < end; i++) {
      data[(row - box.y) * box.w + column - box.x] = 1;
      if (++row === height) {
        row = 0;
        column++;
      }
    }
  });
  return { ...box, data };
}

/** Encodes a crop as run lengths over the whole image. The crop must lie inside `image`. */
export function encodeRle(mask: Mask, image: Size): Rle {
  const counts: number[] = [];
  let value = 0;
  let runStart = 0;
  const flip = (position: number) => {
    counts.push(position - runStart);
    runStart = position;
    value = 1 - value;
  };
  for (let column = 0; column < mask.w; column++) {
    const columnStart = (mask.x + column) * image.height;
    if (value === 1 && mask.h < image.height) flip((mask.x + column - 1) * image.height + mask.y + mask.h);
    for (let row = 0; row < mask.h; row++) {
      if (mask.data[row * mask.w + column] !== value) flip(columnStart + mask.y + row);
    }
  }
  const total = image.width * image.height;
  if (value === 1) flip((mask.x + mask.w - 1) * image.height + mask.y + mask.h);
  if (runStart < total) counts.push(total - runStart);
  return { size: [image.height, image.width], counts: writeCounts(counts) };
}
