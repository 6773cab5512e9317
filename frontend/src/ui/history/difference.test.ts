import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_MASK, type Mask, maskArea } from "../../geometry/mask";
import { difference } from "./difference";

const masks = fc
  .record({
    x: fc.nat(6),
    y: fc.nat(6),
    w: fc.integer({ min: 1, max: 6 }),
    h: fc.integer({ min: 1, max: 6 }),
  })
  .chain((box) =>
    fc
      .array(fc.constantFrom(0, 1), { minLength: box.w * box.h, maxLength: box.w * box.h })
      .map((bits): Mask => ({ ...box, data: Uint8Array.from(bits) })),
  );

test("what is kept and removed is the object now, what is kept and added is the version", () => {
  fc.assert(
    fc.property(masks, masks, (now, then) => {
      const { kept, added, removed } = difference(now, then);
      expect(maskArea(kept) + maskArea(removed)).toBe(maskArea(now));
      expect(maskArea(kept) + maskArea(added)).toBe(maskArea(then));
    }),
  );
});

test("of what is deleted everything would be added", () => {
  const then = { x: 1, y: 1, w: 1, h: 2, data: Uint8Array.from([1, 1]) };
  const { added, removed } = difference(EMPTY_MASK, then);
  expect([maskArea(added), maskArea(removed)]).toEqual([2, 0]);
});
