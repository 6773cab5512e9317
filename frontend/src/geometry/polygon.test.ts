import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crossingCount, polygonArea, polygonContains, rasterise } from "./polygon";
import { paint } from "./testing";

const size = { width: 6, height: 5 };
const square = [1, 1, 5, 1, 5, 4, 1, 4];
const hole = [2, 2, 4, 2, 4, 3, 2, 3];

describe("polygon", () => {
  test("a pixel belongs to it when its centre lies inside", () => {
    expect(paint(rasterise([[square]], size), size)).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 1, 1, 1, 1, 0],
      [0, 1, 1, 1, 1, 0],
      [0, 1, 1, 1, 1, 0],
      [0, 0, 0, 0, 0, 0],
    ]);
  });

  test("a hole is left out and a part inside the hole is kept", () => {
    const island = [2, 2, 3, 2, 3, 3, 2, 3];
    const rows = paint(rasterise([[square, hole], [island]], size), size);
    expect(rows[2]).toEqual([0, 1, 1, 0, 1, 0]);
  });

  test("the area is that of the outer rings without the holes", () => {
    expect(polygonArea([[square, hole], [[0, 0, 2, 0, 0, 2]]])).toBe(12 - 2 + 2);
  });

  test("what hangs over the edge of the image is cut off", () => {
    const rows = paint(rasterise([[[-3, -3, 2, -3, 2, 2, -3, 2]]], size), size);
    expect(rows.flat().reduce((a, b) => a + b)).toBe(4);
  });

  test("the hit test and the pixels agree", () => {
    const corner = fc.integer({ min: 0, max: 12 }).map((n) => n / 2 - 0.2);
    const rings = fc.array(corner, { minLength: 6, maxLength: 12 }).map((r) => r.slice(0, r.length & ~1));
    fc.assert(
      fc.property(rings, (ring) => {
        const rows = paint(rasterise([[ring]], size), size);
        rows.forEach((row, y) => {
          row.forEach((value, x) => {
            expect(polygonContains([[ring]], { x: x + 0.5, y: y + 0.5 })).toBe(value === 1);
          });
        });
      }),
    );
  });

  test("the hit test and the pixels agree for parts that overlap and have holes", () => {
    const corner = fc.integer({ min: -2, max: 14 }).map((n) => n / 2 - 0.2);
    const ring = fc.array(corner, { minLength: 6, maxLength: 10 }).map((r) => r.slice(0, r.length & ~1));
    const polygons = fc.array(fc.array(ring, { minLength: 1, maxLength: 2 }), { maxLength: 3 });
    fc.assert(
      fc.property(polygons, (polygon) => {
        const rows = paint(rasterise(polygon, size), size);
        rows.forEach((row, y) => {
          row.forEach((value, x) => {
            expect(polygonContains(polygon, { x: x + 0.5, y: y + 0.5 })).toBe(value === 1);
          });
        });
      }),
    );
  });

  test("its crossings are counted without being listed", () => {
    expect(crossingCount([[square, hole]], size)).toBe(2 * 4 + 2 * 2);
    const zigZag = Array.from({ length: 100_000 }, (_, n) => [n % 2 ? 5000 : 0, n / 100]).flat();
    expect(crossingCount([[zigZag]], { width: 5000, height: 1000 })).toBe(500_000_000);
  });

  test("a zig-zag of many points takes no longer than its crossings", () => {
    const points = 20_000;
    const zigZag = Array.from({ length: points }, (_, n) => [n % 2 ? 49.5 : 0.5, (n * 1000) / points]).flat();
    const began = performance.now();
    rasterise([[zigZag]], { width: 50, height: 1000 });
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
