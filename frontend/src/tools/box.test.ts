import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idleBox, previewBox, stepBox } from "./box";
import { down, move, play, up, worldOf } from "./testing";

const world = worldOf([], { width: 100, height: 80 });
const drag = (x0: number, y0: number, x1: number, y1: number) => [down(x0, y0), move(x1, y1), up(x1, y1)];
const drawn = (...corners: [number, number, number, number]) =>
  play(stepBox, idleBox, drag(...corners), world).effects;

describe("the box tool", () => {
  test("a drag is a box of the current class, selected", () => {
    expect(drawn(10.4, 20.6, 30, 50)).toMatchObject([
      {
        type: "add",
        annotation: { kind: "box", source: "box", class_id: "sheep", bbox: [10, 21, 20, 29], area: 580 },
      },
      { type: "made", ids: ["new"] },
    ]);
  });

  test("whichever way it goes, the box lies inside the image and has an area, or there is none", () => {
    const coordinate = fc.integer({ min: -500, max: 1500 }).map((n) => n / 10);
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (...corners) => {
        const [add] = drawn(...corners);
        if (add?.type !== "add") return;
        const [x, y, w, h] = add.annotation.bbox ?? [0, 0, 0, 0];
        expect(Math.min(x, y, w - 1, h - 1)).toBeGreaterThanOrEqual(0);
        expect(x + w).toBeLessThanOrEqual(100);
        expect(y + h).toBeLessThanOrEqual(80);
      }),
    );
  });

  test("a click is no box, and Escape gives a drag up", () => {
    expect(drawn(10, 10, 10.2, 40)).toEqual([]);
    const { state, effects } = play(
      stepBox,
      idleBox,
      [down(1, 1), move(9, 9), { type: "cancel" }, up(9, 9)],
      world,
    );
    expect([state, effects]).toEqual([idleBox, []]);
  });

  test("the drag is shown", () => {
    expect(previewBox(play(stepBox, idleBox, [down(9, 9), move(1, 2)], world).state)).toEqual([1, 2, 9, 9]);
  });

  test("without classes it says what is missing", () => {
    expect(play(stepBox, idleBox, drag(1, 1, 9, 9), { ...world, classId: null }).effects).toMatchObject([
      { type: "say" },
    ]);
  });
});
