import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mask } from "../geometry/mask";
import { maskArea } from "../geometry/mask";
import { compared, comparedMasks, differences } from "./compare";
import { annotation } from "./testing";

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

const boxOf = (x: number, y: number, w: number, h: number) =>
  annotation({ kind: "box", segmentation: null, bbox: [x, y, w, h], area: w * h });
const classes = [
  { id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] },
  { id: "goat", name: "Goat", colour: "#009e73", attributes: [] },
];

test("two boxes differ in what only one of them covers, and agree as far as both do", () => {
  const side = fc.integer({ min: 1, max: 12 });
  const box = fc.tuple(fc.nat(9), fc.nat(9), side, side);
  fc.assert(
    fc.property(box, box, (a, b) => {
      const both =
        Math.max(0, Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])) *
        Math.max(0, Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]));
      const [areaA, areaB] = [a[2] * a[3], b[2] * b[3]];
      const found = compared(boxOf(...a), boxOf(...b));
      expect(maskArea(found.removed)).toBe(areaA - both);
      expect(maskArea(found.added)).toBe(areaB - both);
      expect(found.iou).toBeCloseTo(both / (areaA + areaB - both));
    }),
  );
});

test("what was deleted has no pixels, and beside its shape there is nothing to compare", () => {
  const { before, added, iou } = compared(null, boxOf(2, 3, 4, 5));
  expect([maskArea(before), maskArea(added), iou]).toEqual([0, 20, 0]);
  expect(differences(null, boxOf(2, 3, 4, 5), classes)).toEqual([]);
});

test("what differs beside the shape is said in words, and only that", () => {
  const [before, after] = [annotation({ z: 1 }), annotation({ z: 4, class_id: "goat" })];
  expect(differences(before, after, classes)).toEqual([
    { what: "Class", before: "Sheep", after: "Goat" },
    { what: "Place in the stack", before: "1", after: "4" },
  ]);
  expect(differences(before, before, classes)).toEqual([]);
});

test("attributes are compared as people read them", () => {
  const lying = { id: "lying", name: "Lying", kind: "yes_no", required: false, options: [] };
  const asked = [{ ...classes[0], attributes: [lying] }] as never;
  const before = annotation({ attributes: { lying: true } });
  expect(differences(before, annotation(), asked)).toEqual([
    { what: "Lying", before: "yes", after: "nothing" },
  ]);
});
