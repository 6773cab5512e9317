import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box } from "../geometry/box";
import { boxContains } from "../geometry/box";
import { annotation } from "../model/testing";
import type { Shape } from "./scene";
import { bared, changedBoxes, onScreen, tidied } from "./stale";

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
        const tidy = tidied(given, SIZE);
        const after = covered(tidy);
        expect(covered(given).every((times, i) => times === 0 || (after[i] ?? 0) > 0)).toBe(true);
        expect(tidy.length).toBeLessThanOrEqual(given.length);
        expect(area(tidy)).toBeLessThanOrEqual(area(given));
      }),
    );
  });

  test("what moving bares at two sides does not become the whole screen", () => {
    expect(tidied(bared({ x: 3, y: 2 }, SIZE), SIZE)).toHaveLength(2);
  });

  test("a moved picture is bare exactly where nothing of it has come", () => {
    fc.assert(
      fc.property(integer(-50, 50), integer(-50, 50), (x, y) => {
        const bare = covered(bared({ x, y }, SIZE));
        const filled = covered([{ x, y, w: SIZE.width, h: SIZE.height }]);
        expect(bare.every((times, i) => times === (filled[i] === 0 ? 1 : 0))).toBe(true);
      }),
    );
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
