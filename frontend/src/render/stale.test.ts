import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box } from "../geometry/box";
import { boxContains } from "../geometry/box";
import { annotation } from "../model/testing";
import type { Shape } from "./scene";
import { changedBoxes, onScreen, tidied } from "./stale";

const SIZE = { width: 40, height: 30 };
const PIXELS = Array.from({ length: SIZE.width * SIZE.height }, (_, i) => ({
  x: i % SIZE.width,
  y: Math.floor(i / SIZE.width),
}));
const covered = (boxes: readonly Box[]) =>
  PIXELS.map((p) => boxes.filter((box) => boxContains(box, p)).length);

const integer = (min: number, max: number) => fc.integer({ min, max });
const boxes = fc.array(
  fc.record({ x: integer(-10, 45), y: integer(-10, 35), w: integer(0, 20), h: integer(0, 20) }),
  { maxLength: 8 },
);

const shape = (id: string, fields: Partial<Shape> = {}): Shape => ({
  annotation: annotation({ id, bbox: [2, 3, 4, 5] }),
  colour: "#56b4e9",
  emphasis: "normal",
  outlineOnly: false,
  ...fields,
});

describe("what is stale", () => {
  test("tidied boxes cover what was covered on the screen, and are no more work than that", () => {
    const area = (all: readonly Box[]) => all.reduce((sum, { w, h }) => sum + w * h, 0);
    fc.assert(
      fc.property(boxes, (given) => {
        const tidy = tidied(given, { x: 0, y: 0, w: SIZE.width, h: SIZE.height });
        const after = covered(tidy);
        expect(covered(given).every((times, i) => times === 0 || (after[i] ?? 0) > 0)).toBe(true);
        expect(tidy.length).toBeLessThanOrEqual(given.length);
        expect(area(tidy)).toBeLessThanOrEqual(area(given));
      }),
    );
  });

  test("a row and a column do not become the whole", () => {
    const row = { x: 0, y: 0, w: 40, h: 2 };
    const column = { x: 0, y: 2, w: 3, h: 28 };
    expect(tidied([row, column], { x: 0, y: 0, w: 40, h: 30 })).toHaveLength(2);
  });

  test("what stays the same object is not looked at; what changes is stale where it was and where it is", () => {
    const [same, before] = [shape("same"), shape("moved")];
    const after = shape("moved", { by: { x: 10, y: 0 } });
    expect(changedBoxes([same, before], [same, after])).toEqual([
      { x: 2, y: 3, w: 4, h: 5 },
      { x: 12, y: 3, w: 4, h: 5 },
    ]);
    expect(changedBoxes([same, before], [same, before])).toEqual([]);
  });

  test("a box on the screen is in whole pixels, with room for its edge", () => {
    const box = { x: 1, y: 1, w: 3, h: 2 };
    expect(onScreen(box, { scale: 0.5, x: 10.2, y: 0 }, 2)).toEqual({ x: 8, y: -2, w: 7, h: 6 });
  });
});
