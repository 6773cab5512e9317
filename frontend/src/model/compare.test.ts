import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mask } from "../geometry/mask";
import { maskArea } from "../geometry/mask";
import { comparedMasks } from "./compare";

const mask: fc.Arbitrary<Mask> = fc
  .record({
    x: fc.nat(6),
    y: fc.nat(6),
    w: fc.integer({ min: 1, max: 6 }),
    h: fc.integer({ min: 1, max: 6 }),
  })
  .chain((box) =>
    fc
      .array(fc.constantFrom(0, 1), { minLength: box.w * box.h, maxLength: box.w * box.h })
      .map((data) => ({ ...box, data: Uint8Array.from(data) })),
  );

test("what came and what went is what makes the one of the other", () => {
  fc.assert(
    fc.property(mask, mask, (before, after) => {
      const { added, removed } = comparedMasks(before, after);
      expect(maskArea(before) + maskArea(added) - maskArea(removed)).toBe(maskArea(after));
    }),
  );
});

test("the IoU is the same both ways, 1 for the same and 0 for what has nothing in common", () => {
  fc.assert(
    fc.property(mask, mask, (a, b) => {
      const { iou } = comparedMasks(a, b);
      expect(comparedMasks(b, a).iou).toBe(iou);
      expect(iou).toBeGreaterThanOrEqual(0);
      expect(iou).toBeLessThanOrEqual(1);
      expect(comparedMasks(a, a).iou).toBe(1);
    }),
  );
});
