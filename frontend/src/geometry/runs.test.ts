import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskArea } from "./mask";
import { common } from "./maskAlgebra";
import { encodeRle } from "./rle";
import { areaInCommon, areaInside, coarseMask, runsContain, runsOf } from "./runs";
import { type Bitmap, bitmaps, crop, paint } from "./testing";

const sizeOf = (rows: Bitmap) => ({ width: rows[0]?.length ?? 0, height: rows.length });
const runs = (rows: Bitmap) => runsOf(encodeRle(crop(rows), sizeOf(rows)));
const numbers = fc.integer({ min: -3, max: 14 });

describe("masks as runs", () => {
  test("hold the pixels that the mask holds, and none beside the image", () => {
    fc.assert(
      fc.property(bitmaps, (rows) => {
        const all = runs(rows);
        for (let y = -1; y <= rows.length; y++)
          for (let x = -1; x <= (rows[0]?.length ?? 0); x++)
            expect(runsContain(all, { x: x + 0.5, y: y + 0.5 })).toBe(rows[y]?.[x] === 1);
      }),
    );
  });

  test("count their pixels inside a box, wherever it lies", () => {
    fc.assert(
      fc.property(bitmaps, numbers, numbers, fc.nat(9), fc.nat(9), (rows, x, y, w, h) => {
        const expected = rows.flatMap((row, j) =>
          row.filter((value, i) => value && i >= x && i < x + w && j >= y && j < y + h),
        );
        expect(areaInside(runs(rows), { x, y, w, h })).toBe(expected.length);
      }),
    );
  });

  test("count the pixels that they share with a mask", () => {
    fc.assert(
      fc.property(bitmaps, bitmaps, (a, b) => {
        const canvas = { width: 12, height: 12 };
        const left = crop(paint(crop(a), canvas));
        expect(areaInCommon(runsOf(encodeRle(left, canvas)), crop(b))).toBe(maskArea(common(left, crop(b))));
      }),
    );
  });

  test("become coarse masks that have the middle of each square", () => {
    fc.assert(
      fc.property(bitmaps, fc.integer({ min: 1, max: 5 }), (rows, step) => {
        const { width, height } = sizeOf(rows);
        const half = step >> 1;
        const coarse = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
        const expected = Array.from({ length: coarse.height }, (_, y) =>
          Array.from(
            { length: coarse.width },
            // In the squares that the edge of the image cuts, the last column stands for those that are not there.
            (_, x) => rows[y * step + half]?.[Math.min(x * step + half, width - 1)] ?? 0,
          ),
        );
        expect(paint(coarseMask(runs(rows), crop(rows), step), coarse)).toEqual(expected);
      }),
    );
  });
});
