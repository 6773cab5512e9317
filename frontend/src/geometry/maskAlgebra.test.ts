import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { common, trimmed, unite, without } from "./maskAlgebra";
import { type Bitmap, bitmaps, crop, paint } from "./testing";

const size = { width: 12, height: 12 };
const filled = (rows: Bitmap) => paint(crop(rows), size);
const by = (combine: (a: number, b: number) => boolean) => (a: Bitmap, b: Bitmap) => {
  const [left, right] = [filled(a), filled(b)];
  return left.map((row, y) => row.map((value, x) => (combine(value, right[y]?.[x] ?? 0) ? 1 : 0)));
};

describe("masks are sets of pixels", () => {
  test.each([
    ["united", unite, by((a, b) => a + b > 0)],
    ["one without the other", without, by((a, b) => a > b)],
    ["what both have", common, by((a, b) => a * b > 0)],
  ])("%s, in the smallest box, and the given ones stay as they were", (_, combine, expected) => {
    fc.assert(
      fc.property(bitmaps, bitmaps, (a, b) => {
        const [left, right] = [crop(a), crop(b)];
        const result = combine(left, right);
        expect(paint(result, size)).toEqual(expected(a, b));
        expect(result).toEqual(crop(expected(a, b)));
        expect([left, right]).toEqual([crop(a), crop(b)]);
      }),
    );
  });

  test("trimming takes away empty edges and no pixel", () => {
    const loose = { x: 1, y: 2, w: 3, h: 3, data: new Uint8Array([0, 0, 0, 0, 1, 0, 0, 0, 0]) };
    expect(trimmed(loose)).toEqual({ x: 2, y: 3, w: 1, h: 1, data: new Uint8Array([1]) });
    expect(trimmed({ ...loose, data: new Uint8Array(9) }).w).toBe(0);
  });
});
