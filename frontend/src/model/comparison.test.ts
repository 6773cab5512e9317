import fc from "fast-check";
import { expect, test } from "vitest";
import { maskArea } from "../geometry/mask";
import { boundsOfBoth, differences, shapeDifference } from "./comparison";
import { annotation } from "./testing";

const boxOf = (x: number, y: number, w: number, h: number) =>
  annotation({ kind: "box", segmentation: null, bbox: [x, y, w, h], area: w * h });
const versions = (mine: ReturnType<typeof annotation> | null, theirs: typeof mine) => ({
  id: "a1",
  mine,
  theirs,
});

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
      const found = shapeDifference(versions(boxOf(...a), boxOf(...b)));
      if (areaA === both && areaB === both) return expect(found).toBeNull();
      expect(maskArea(found?.onlyMine as never)).toBe(areaA - both);
      expect(maskArea(found?.onlyTheirs as never)).toBe(areaB - both);
      expect(found?.changed).toBe(areaA + areaB - 2 * both);
      expect(found?.iou).toBeCloseTo(both / (areaA + areaB - both));
    }),
  );
});

test("where one of them deleted it there is nothing to compare, and its place is the other's", () => {
  const gone = versions(boxOf(2, 3, 4, 5), null);
  expect(shapeDifference(gone)).toBeNull();
  expect(differences(gone, classes)).toEqual([]);
  expect(boundsOfBoth(gone)).toEqual({ x: 2, y: 3, w: 4, h: 5 });
  expect(boundsOfBoth(versions(null, null))).toBeNull();
});

test("what differs beside the shape is said in words, and only that", () => {
  const [mine, theirs] = [annotation({ z: 1 }), annotation({ z: 4, class_id: "goat" })];
  expect(differences(versions(mine, theirs), classes)).toEqual([
    { what: "Class", mine: "Sheep", theirs: "Goat" },
    { what: "Place in the stack", mine: "1", theirs: "4" },
  ]);
  expect(differences(versions(mine, mine), classes)).toEqual([]);
});

test("attributes are compared as people read them", () => {
  const lying = { id: "lying", name: "Lying", kind: "yes_no", required: false, options: [] };
  const asked = [{ ...classes[0], attributes: [lying] }] as never;
  const mine = annotation({ attributes: { lying: true } });
  expect(differences(versions(mine, annotation()), asked)).toEqual([
    { what: "Lying", mine: "yes", theirs: "nothing" },
  ]);
});
