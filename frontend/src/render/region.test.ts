import fc from "fast-check";
import { expect, test } from "vitest";
import { overlaps } from "../geometry/box";
import { annotation } from "../model/testing";
import { placeOf, shapesWithin } from "./region";
import type { Shape } from "./scene";

const side = fc.integer({ min: 0, max: 200 });
const box = fc.record({ x: side, y: side, w: side, h: side });
const projection = fc.record({
  view: fc.record({
    scale: fc.double({ min: 0.05, max: 8, noNaN: true }),
    x: fc.double({ min: -300, max: 300, noNaN: true }),
    y: fc.double({ min: -300, max: 300, noNaN: true }),
  }),
  ratio: fc.constantFrom(1, 2),
});

const shapeAt = ({ x, y, w, h }: { x: number; y: number; w: number; h: number }, i: number): Shape => ({
  annotation: annotation({ id: `${i}`, bbox: [x, y, w, h] }),
  colour: "#56b4e9",
  emphasis: "normal",
  outlineOnly: false,
});

test("every shape with a pixel in a part of the screen is drawn there, in order, whatever the view", () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 12 }), box, projection, (boxes, region, projection) => {
      const shapes = boxes.map(shapeAt);
      const found = shapesWithin(shapes, region, projection);
      const touching = shapes.filter((_, i) => {
        const at = boxes[i];
        return at !== undefined && overlaps(placeOf(at, projection), region);
      });
      expect(touching.filter((shape) => !found.includes(shape))).toEqual([]);
      expect(found).toEqual(shapes.filter((shape) => found.includes(shape)));
    }),
  );
});

test("a shape that is far away, or has no place, is not drawn", () => {
  const view = { view: { scale: 1, x: 0, y: 0 }, ratio: 1 };
  const far = shapeAt({ x: 900, y: 900, w: 5, h: 5 }, 0);
  const tag: Shape = { ...far, annotation: annotation({ kind: "tag", bbox: null, segmentation: null }) };
  expect(shapesWithin([far, tag], { x: 0, y: 0, w: 100, h: 100 }, view)).toEqual([]);
});
