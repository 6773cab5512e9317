import fc from "fast-check";
import { EMPTY_MASK, type Mask } from "./mask";
import type { Size } from "./vector";

/** Rows of 0 and 1, as a test writes a mask down. */
export type Bitmap = readonly (readonly number[])[];

/** Any bitmap of up to 12 × 12 pixels. */
export const bitmaps: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([w, h]) => {
    const row = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: w, maxLength: w });
    return fc.array(row, { minLength: h, maxLength: h });
  });

/** The mask of a bitmap, cut to its bounding box. */
export function crop(rows: Bitmap): Mask {
  const pixels = rows.flatMap((row, y) => row.flatMap((value, x) => (value ? [{ x, y }] : [])));
  if (pixels.length === 0) return EMPTY_MASK;
  const x = Math.min(...pixels.map((p) => p.x));
  const y = Math.min(...pixels.map((p) => p.y));
  const w = Math.max(...pixels.map((p) => p.x)) - x + 1;
  const h = Math.max(...pixels.map((p) => p.y)) - y + 1;
  const data = new Uint8Array(w * h);
  for (const p of pixels) data[(p.y - y) * w + p.x - x] = 1;
  return { x, y, w, h, data };
}

/** The bitmap of a mask in an image of this size. */
export function paint(mask: Mask, { width, height }: Size): number[][] {
  const rows = Array.from({ length: height }, () => new Array<number>(width).fill(0));
  mask.data.forEach((value, i) => {
    const row = rows[mask.y + Math.floor(i / mask.w)];
    if (row && value) row[mask.x + (i % mask.w)] = 1;
  });
  return rows;
}
