import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { polygonGeometry } from "../model/geometry";
import { annotation } from "../model/testing";
import { idlePolygon, previewPolygon, stepPolygon } from "./polygon";
import { down, move, play, worldOf } from "./testing";
import type { Effect, ToolEvent } from "./tool";

const world = worldOf([], { width: 100, height: 80 });
const corners = [down(10, 10), down(50, 10), down(50, 40)];
const run = (events: ToolEvent[], from = idlePolygon) => play(stepPolygon, from, events, world);
const triangle = [[[10, 10, 50, 10, 50, 40]]];

describe("the polygon tool", () => {
  test.each([
    ["a click on the first point", down(14, 12)],
    ["Enter", { type: "commit" } as const],
    ["a double click on the last point", down(51, 41)],
  ])("%s closes it", (_, end) => {
    const { state, effects } = run([...corners, end]);
    expect(effects).toMatchObject([
      {
        type: "add",
        annotation: {
          kind: "polygon",
          source: "polygon",
          polygon: triangle,
          bbox: [10, 10, 40, 30],
          area: 600,
        },
      },
      { type: "made", ids: ["new"] },
    ]);
    expect(state.points).toEqual([]);
  });

  test("fewer than three points close nothing, and Enter says so", () => {
    expect(run([down(10, 10), down(50, 10), down(10, 10)]).state.points).toHaveLength(3);
    const { state, effects } = run([down(10, 10), down(50, 10), { type: "commit" }]);
    expect(effects).toMatchObject([{ type: "say" }]);
    expect(state.points).toHaveLength(2);
  });

  test("Backspace and a right click take the last point back, Escape all of them", () => {
    expect(run([...corners, { type: "back" }]).state.points).toHaveLength(2);
    expect(run([...corners, down(9, 9, { removes: true })]).state.points).toHaveLength(2);
    expect(run([...corners, { type: "cancel" }]).state.points).toEqual([]);
    expect(run([{ type: "back" }]).state.points).toEqual([]);
  });

  test("begins on the image, and a point beside it goes to its edge", () => {
    expect(run([down(-5, 10)]).state.points).toEqual([]);
    expect(run([down(5, 10), down(200, 90)]).state.points[1]).toEqual({ x: 100, y: 80 });
  });

  test("a line without a pixel is refused with a sentence, and kept to go on with", () => {
    const { state, effects } = run([down(10, 10), down(30, 10), down(60, 10), { type: "commit" }]);
    expect(effects).toMatchObject([{ type: "say" }]);
    expect(state.points).toHaveLength(3);
  });

  test("what is added always has three points or more inside the image", () => {
    const place = fc.tuple(fc.integer({ min: -20, max: 120 }), fc.integer({ min: -20, max: 100 }));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 9 }), (places) => {
        const { effects } = run([...places.map(([x, y]) => down(x, y)), { type: "commit" }]);
        for (const effect of effects) {
          if (effect.type !== "add") continue;
          const flat = effect.annotation.polygon?.flat(2) ?? [];
          expect(flat.length).toBeGreaterThanOrEqual(6);
          expect(flat.every((v, i) => v >= 0 && v <= (i % 2 === 0 ? 100 : 80))).toBe(true);
        }
      }),
    );
  });

  test("the next edge reaches to the pointer, and it shows where a click would close", () => {
    const at = (x: number, y: number) => previewPolygon(run([...corners, move(x, y)]).state, 1);
    expect(at(30, 30)).toMatchObject({ at: { x: 30, y: 30 }, closes: false });
    expect(at(12, 12).closes).toBe(true);
    expect(previewPolygon(run([down(10, 10), move(11, 11)]).state, 1).closes).toBe(false);
  });
});

describe("with a polygon selected", () => {
  const square = annotation({ id: "old", ...polygonGeometry([[[10, 10, 60, 10, 60, 60, 10, 60]]]) });
  const holding = { ...worldOf([square], { width: 100, height: 80 }), selected: ["old"] };
  const enter = { type: "commit" } as const;
  const ring = (...corners: [number, number][]): ToolEvent[] => corners.map(([x, y]) => down(x, y));
  const begun = (events: ToolEvent[], how: { removes?: boolean; shift?: boolean }) =>
    play(
      stepPolygon,
      idlePolygon,
      [...events.slice(0, 1).map((event) => ({ ...event, ...how }) as ToolEvent), ...events.slice(1), enter],
      holding,
    );
  const inside = ring([20, 20], [40, 20], [40, 40]);
  const beside = ring([70, 10], [90, 10], [90, 40]);

  test("Shift on the first point adds a part, Alt cuts a hole; both are one change of it", () => {
    const part = begun(beside, { shift: true });
    expect(part.effects).toMatchObject([{ type: "change", deed: "new part of" }]);
    expect(polygonIn(part.effects)?.map((rings) => rings.length)).toEqual([1, 1]);
    const hole = begun(inside, { removes: true });
    expect(hole.effects).toMatchObject([{ type: "change", deed: "hole in" }]);
    expect(polygonIn(hole.effects)).toEqual([[square.polygon?.[0]?.[0], [20, 20, 40, 20, 40, 40]]]);
    expect(hole.state).toEqual({ ...idlePolygon, at: { x: 40, y: 40 } });
  });

  test("Alt may stay held while a hole is drawn", () => {
    const held = inside.map((event) => ({ ...event, removes: true }) as ToolEvent);
    expect(begun(held, { removes: true }).effects).toMatchObject([{ deed: "hole in" }]);
  });

  test.each([
    ["a hole", { removes: true }],
    ["a part", { shift: true }],
  ])("%s of what somebody deletes meanwhile adds nothing, and says so", (_, how) => {
    const [first, ...others] = inside;
    const { state } = play(stepPolygon, idlePolygon, [{ ...first, ...how } as ToolEvent, ...others], holding);
    const gone = stepPolygon(state, enter, worldOf([], { width: 100, height: 80 }));
    expect(gone.effects).toMatchObject([{ type: "say" }]);
    expect(gone.state.points).toHaveLength(3);
  });

  test("without a key it is a new one, and a hole beside it is refused and can be mended", () => {
    expect(begun(inside, {}).effects[0]).toMatchObject({ type: "add" });
    const { state, effects } = begun(beside, { removes: true });
    expect(effects).toMatchObject([{ type: "say" }]);
    expect(state.points).toHaveLength(3);
  });

  test("a hole needs a polygon that is selected and free", () => {
    for (const world of [
      { ...holding, selected: [] },
      { ...holding, locked: new Set(["old"]) },
    ]) {
      const { state, effects } = play(stepPolygon, idlePolygon, [down(20, 20, { removes: true })], world);
      expect(effects).toMatchObject([{ type: "say" }]);
      expect(state.points).toEqual([]);
    }
  });
});

const polygonIn = (effects: Effect[]) =>
  effects.flatMap((e) => (e.type === "change" ? [e.changes.get("old")?.polygon] : []))[0];
