import fc from "fast-check";
import { expect, test } from "vitest";
import { stepFor } from "./edges";

test("masks are looked at as finely as the screen shows them, and no finer than twice that", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (scale) => {
      expect(stepFor(scale) * scale).toBeLessThanOrEqual(1);
      expect(stepFor(scale) * scale).toBeGreaterThan(0.5);
    }),
  );
  expect(stepFor(1)).toBe(1);
  expect(stepFor(40)).toBe(1);
});
