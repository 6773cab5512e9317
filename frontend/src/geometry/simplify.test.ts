import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskArea } from "./mask";
import { common, unite } from "./maskAlgebra";
import { polygonBounds, rasterise, withHole } from "./polygon";
import { iou, pointCount, polygonOf } from "./simplify";
import { bitmaps, crop } from "./testing";

const size = { width: 12, height: 12 };
const masks = bitmaps.map(crop).filter((mask) => mask.w > 0);
const disc = crop(
  Array.from({ length: 61 }, (_, y) =>
    Array.from({ length: 61 }, (_, x) => ((x - 30) ** 2 + (y - 30) ** 2 <= 900 ? 1 : 0)),
  ),
);

describe("a mask becomes a polygon", () => {
  test("without tolerance it is exactly the mask, with its parts and holes", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(rasterise(polygonOf(mask, 0), size)).toEqual(mask);
      }),
    );
  });

  test("with more tolerance it has no more points, inside the mask's box", () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 0, max: 30 }), (mask, tenths) => {
        const [fine, coarse] = [polygonOf(mask, 0), polygonOf(mask, tenths / 10)];
        expect(pointCount(coarse)).toBeLessThanOrEqual(pointCount(fine));
        if (coarse.length === 0) return;
        const { x, y, w, h } = polygonBounds(coarse);
        expect(x >= mask.x && y >= mask.y && x + w <= mask.x + mask.w && y + h <= mask.y + mask.h).toBe(true);
      }),
    );
  });

  test("a disc of 61 pixels across needs less than a fifth of its points to stay 95 % the same", () => {
    const [fine, coarse] = [polygonOf(disc, 0), polygonOf(disc, 1)];
    expect(pointCount(coarse)).toBeLessThan(pointCount(fine) / 5);
    expect(iou(rasterise(coarse, { width: 61, height: 61 }), disc)).toBeGreaterThan(0.95);
  });

  test("a mask in the hole of a mask is a part of its own", () => {
    const target = crop([
      [1, 1, 1, 1, 1],
      [1, 0, 0, 0, 1],
      [1, 0, 1, 0, 1],
      [1, 0, 0, 0, 1],
      [1, 1, 1, 1, 1],
    ]);
    expect(polygonOf(target, 0).map((rings) => rings.length)).toEqual([2, 1]);
  });
});

test("the IoU is what both have over what either has", () => {
  fc.assert(
    fc.property(masks, masks, (a, b) => {
      expect(iou(a, b)).toBeCloseTo(maskArea(common(a, b)) / maskArea(unite(a, b)), 12);
    }),
  );
});

describe("a hole in a polygon", () => {
  const two = [[[0, 0, 6, 0, 6, 6, 0, 6]], [[7, 0, 12, 0, 12, 12, 7, 12]]];

  test("goes to the part that it lies in, and takes exactly its pixels", () => {
    const holed = withHole(two, [8, 2, 11, 2, 11, 5, 8, 5], size);
    expect(holed?.map((rings) => rings.length)).toEqual([1, 2]);
    expect(maskArea(rasterise(holed ?? [], size))).toBe(36 + 60 - 9);
  });

  test("cannot reach over the edge, lie outside, or take all", () => {
    expect(withHole(two, [4, 2, 9, 2, 9, 5, 4, 5], size)).toBeNull();
    expect(withHole(two, [0, 8, 5, 8, 5, 11, 0, 11], size)).toBeNull();
    expect(withHole(two, [0, 0, 6, 0, 6, 6, 0, 6], size)).toBeNull();
  });
});
