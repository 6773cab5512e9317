import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskArea } from "./mask";
import { common, unite, without } from "./maskAlgebra";
import { partsOf, withoutHoles, withoutSmallParts } from "./maskParts";
import { traceOutline } from "./outline";
import { bitmaps, crop } from "./testing";

const masks = bitmaps.map(crop);

describe("the parts of a mask", () => {
  test("together are the mask, share no pixel, are one piece each, and go by size", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const parts = partsOf(mask);
        expect(parts.reduce(unite, { ...mask, w: 0, h: 0, data: new Uint8Array(0) }).data).toEqual(mask.data);
        const areas = parts.map(maskArea);
        expect(areas.reduce((a, b) => a + b, 0)).toBe(maskArea(mask));
        expect(areas).toEqual(areas.toSorted((a, b) => b - a));
        for (const part of parts) expect(partsOf(part)).toEqual([part]);
      }),
    );
  });

  test("pixels that touch at a corner are two parts", () => {
    expect(
      partsOf(
        crop([
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toHaveLength(2);
  });

  test("without holes the mask keeps its pixels, and each part is left with one outline", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const filled = withoutHoles(mask);
        expect(without(mask, filled).w).toBe(0);
        expect(traceOutline(filled)).toHaveLength(partsOf(filled).length);
        expect(withoutHoles(filled)).toEqual(filled);
      }),
    );
  });

  test("without small parts just the large ones are left", () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 1, max: 9 }), (mask, smallest) => {
        const rest = withoutSmallParts(mask, smallest);
        expect(partsOf(rest).map(maskArea)).toEqual(
          partsOf(mask)
            .map(maskArea)
            .filter((area) => area >= smallest),
        );
        expect(common(rest, mask)).toEqual(rest);
      }),
    );
  });
});
