import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskArea, maskContains } from "./mask";
import { strokeMask } from "./stroke";
import { paint } from "./testing";
import { distance } from "./vector";

const image = { width: 20, height: 16 };
const place = fc.record({
  x: fc.integer({ min: -20, max: 220 }).map((n) => n / 10),
  y: fc.integer({ min: -20, max: 180 }).map((n) => n / 10),
});
const radii = fc.integer({ min: 1, max: 60 }).map((n) => n / 10);

describe("a brush stroke", () => {
  test("a dab is the pixels whose centres lie within the radius", () => {
    expect(
      paint(strokeMask({ points: [{ x: 2.5, y: 2.5 }], radius: 1.2, tip: "round" }, image), {
        width: 5,
        height: 5,
      }),
    ).toEqual([
      [0, 0, 0, 0, 0],
      [0, 0, 1, 0, 0],
      [0, 1, 1, 1, 0],
      [0, 0, 1, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
  });

  test("the thinnest brush still leaves the pixel under it", () => {
    expect(maskArea(strokeMask({ points: [{ x: 2.9, y: 2.1 }], radius: 0.1, tip: "round" }, image))).toBe(1);
  });

  test("a line covers every dab on it and nothing farther away than the radius", () => {
    fc.assert(
      fc.property(place, place, radii, (from, to, radius) => {
        const mask = strokeMask({ points: [from, to], radius, tip: "round" }, image);
        for (let y = 0; y < image.height; y++) {
          for (let x = 0; x < image.width; x++) {
            const centre = { x: x + 0.5, y: y + 0.5 };
            const away = Math.min(
              ...Array.from({ length: 201 }, (_, i) => {
                const t = i / 200;
                return distance(centre, { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) });
              }),
            );
            if (away <= radius - 1e-9) expect(maskContains(mask, centre)).toBe(true);
            else if (away > Math.max(radius, Math.SQRT1_2) + 0.1)
              expect(maskContains(mask, centre)).toBe(false);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test("beside the image it is empty", () => {
    expect(strokeMask({ points: [{ x: -30, y: 4 }], radius: 5, tip: "round" }, image).w).toBe(0);
    expect(strokeMask({ points: [], radius: 5, tip: "round" }, image).w).toBe(0);
  });

  test("a square tip leaves an upright square, and along a line every square on it and nothing else", () => {
    for (const x of [10, 10.25, 10.5])
      expect(maskArea(strokeMask({ points: [{ x, y: 8.5 }], radius: 3, tip: "square" }, image))).toBe(36);
    const place = fc.record({ x: fc.integer({ min: 0, max: 20 }), y: fc.integer({ min: 0, max: 16 }) });
    fc.assert(
      fc.property(place, place, fc.integer({ min: 1, max: 5 }), (from, to, radius) => {
        const mask = strokeMask({ points: [from, to], radius, tip: "square" }, image);
        const dabs = Array.from({ length: 401 }, (_, i) => ({
          x: from.x + ((to.x - from.x) * i) / 400,
          y: from.y + ((to.y - from.y) * i) / 400,
        }));
        const away = (x: number, y: number) =>
          Math.min(...dabs.map((dab) => Math.max(Math.abs(x + 0.5 - dab.x), Math.abs(y + 0.5 - dab.y))));
        for (let y = 0; y < image.height; y++) {
          for (let x = 0; x < image.width; x++) {
            const is = maskContains(mask, { x, y });
            if (away(x, y) <= radius - 1e-9) expect(is).toBe(true);
            else if (away(x, y) > radius + 0.1)
              expect(is && !dabs.some((dab) => Math.floor(dab.x) === x)).toBe(false);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
