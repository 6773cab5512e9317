import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskArea } from "./mask";
import { grown, shrunk, smoothed } from "./maskMorphology";
import { type Bitmap, bitmaps, crop, paint } from "./testing";

const size = { width: 12, height: 12 };
const by = fc.integer({ min: 1, max: 4 });
const everyPixel = (test: (x: number, y: number) => boolean): number[][] =>
  Array.from({ length: size.height }, (_, y) =>
    Array.from({ length: size.width }, (_, x) => (test(x, y) ? 1 : 0)),
  );
const near = (rows: number[][], value: number, reach: number) => (x: number, y: number) =>
  rows.some((row, v) => row.some((one, u) => one === value && (u - x) ** 2 + (v - y) ** 2 <= reach ** 2));
const full = (rows: Bitmap) => paint(crop(rows), size);

describe("masks grow and shrink by pixels", () => {
  test("grown, they have every pixel of the image that is so near", () => {
    fc.assert(
      fc.property(bitmaps, by, (rows, reach) => {
        expect(paint(grown(crop(rows), reach, size), size)).toEqual(everyPixel(near(full(rows), 1, reach)));
      }),
    );
  });

  test("shrunk, they have the pixels that nothing else is so near to; beyond the image is nothing", () => {
    fc.assert(
      fc.property(bitmaps, by, (rows, reach) => {
        const outside = near(full(rows), 0, reach);
        expect(paint(shrunk(crop(rows), reach, size), size)).toEqual(everyPixel((x, y) => !outside(x, y)));
      }),
    );
  });

  test("both come in the smallest box", () => {
    fc.assert(
      fc.property(bitmaps, by, (rows, reach) => {
        for (const mask of [grown(crop(rows), reach, size), shrunk(crop(rows), reach, size)])
          expect(mask).toEqual(crop(paint(mask, size)));
      }),
    );
  });
});

describe("masks are smoothed", () => {
  test("each pixel becomes what most of the 5 × 5 around it in the image are", () => {
    fc.assert(
      fc.property(bitmaps, (rows) => {
        const before = full(rows);
        const most = (x: number, y: number) => {
          const around = before
            .slice(Math.max(0, y - 2), y + 3)
            .flatMap((row) => row.slice(Math.max(0, x - 2), x + 3));
          return 2 * around.reduce((a, b) => a + b, 0) > around.length;
        };
        expect(paint(smoothed(crop(rows), size), size)).toEqual(everyPixel(most));
      }),
    );
  });

  test("a single pixel goes, and a straight edge stays", () => {
    expect(maskArea(smoothed(crop([[1]]), size))).toBe(0);
    const half = crop(Array.from({ length: 12 }, () => [1, 1, 1, 1, 1, 1]));
    expect(smoothed(half, size)).toEqual(half);
  });
});
