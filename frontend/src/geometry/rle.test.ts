import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRle, encodeRle } from "./rle";
import { bitmaps, crop, paint } from "./testing";

describe("run lengths", () => {
  test("decoding what was encoded gives the same pixels in the smallest box", () => {
    fc.assert(
      fc.property(bitmaps, (rows) => {
        const size = { width: rows[0]?.length ?? 0, height: rows.length };
        const decoded = decodeRle(encodeRle(crop(rows), size));
        expect(decoded).toEqual(crop(rows));
        expect(paint(decoded, size)).toEqual(rows);
      }),
    );
  });

  test("an empty mask is one run", () => {
    const rle = encodeRle(
      crop([
        [0, 0, 0],
        [0, 0, 0],
      ]),
      { width: 3, height: 2 },
    );
    expect(rle).toEqual({ size: [2, 3], counts: "6" });
    expect(decodeRle(rle).w).toBe(0);
  });

  test("a full mask begins with an empty run", () => {
    const rle = encodeRle(
      crop([
        [1, 1],
        [1, 1],
      ]),
      { width: 2, height: 2 },
    );
    expect(rle.counts).toBe("04");
  });

  test("a small mask in a 100 megapixel image stays small", () => {
    const mask = { x: 9000, y: 8000, w: 2, h: 1, data: new Uint8Array([1, 1]) };
    const rle = encodeRle(mask, { width: 10000, height: 10000 });
    expect(decodeRle(rle)).toEqual(mask);
    expect(rle.counts.length).toBeLessThan(30);
  });
});
