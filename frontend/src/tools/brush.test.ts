import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unite, without } from "../geometry/maskAlgebra";
import { strokeMask } from "../geometry/stroke";
import type { Vector } from "../geometry/vector";
import { maskOf, pixelsOf } from "../model/annotation";
import { maskGeometry } from "../model/geometry";
import { annotation } from "../model/testing";
import { type BrushState, brushPutDown, idleBrush, previewBrush, stepBrush } from "./brush";
import { down, move, play, up, worldOf } from "./testing";
import type { Effect, ToolContext, ToolEvent } from "./tool";

const size = { width: 40, height: 30 };
const square = maskGeometry({ x: 10, y: 10, w: 4, h: 4, data: new Uint8Array(16).fill(1) }, size);
const oldPixels = pixelsOf(annotation(square));
const painted = annotation({ id: "old", ...square });
const free = worldOf([painted], size);
const holding: ToolContext = { ...free, selected: ["old"] };
const start: BrushState = { ...idleBrush, diameter: 6 };

const brush = (events: ToolEvent[], world = free, from = start) =>
  play(stepBrush("brush"), from, events, world);
const eraser = (events: ToolEvent[], world = holding) => play(stepBrush("eraser"), start, events, world);
const along = (first: Vector, ...rest: Vector[]): ToolEvent[] => [
  down(first.x, first.y),
  ...rest.map(({ x, y }) => move(x, y)),
  up(rest.at(-1)?.x ?? first.x, rest.at(-1)?.y ?? first.y),
];
const changed = (effects: Effect[]) =>
  effects.flatMap((e) => (e.type === "change" ? [e.changes.get("old")?.segmentation] : []))[0];
const pixels = (effects: Effect[]) => {
  const rle = changed(effects);
  return rle && maskOf(rle);
};

const places = fc.array(
  fc.record({ x: fc.integer({ min: -5, max: 45 }), y: fc.integer({ min: -5, max: 35 }) }),
  { minLength: 1, maxLength: 6 },
);

describe("the brush", () => {
  test("the tip is round or square, and stays so when another tool is taken in between", () => {
    const square = brush([{ type: "otherTip" }]).state;
    expect(brushPutDown(square)).toMatchObject({ tip: "square", diameter: 6 });
    const { effects } = brush([down(20, 20), up(20, 20)], free, square);
    expect(effects[0]).toMatchObject({ type: "add", annotation: { area: 36 } });
    expect(brush([{ type: "otherTip" }], free, square).state.tip).toBe("round");
  });

  test("with nothing selected a stroke is a new mask of the current class, selected for the next stroke", () => {
    const { effects, state } = brush(along({ x: 5, y: 5 }, { x: 9, y: 5 }));
    expect(effects).toMatchObject([
      {
        type: "add",
        annotation: { id: "new", class_id: "sheep", kind: "mask", source: "brush", predicted_iou: null },
      },
      { type: "select", ids: ["new"] },
    ]);
    expect(state.stroke).toBeNull();
  });

  test("with a mask selected one stroke is one change: exactly the pixels of the stroke are added", () => {
    fc.assert(
      fc.property(places, (points) => {
        const { effects } = brush(along(...(points as [Vector, ...Vector[]])), holding);
        const stroke = strokeMask({ points, radius: 3, tip: "round" }, size);
        const expected = unite(oldPixels, stroke);
        expect(pixels(effects) ?? oldPixels).toEqual(expected);
      }),
    );
  });

  test("right drag, or the eraser, takes away", () => {
    const dab = strokeMask({ points: [{ x: 10, y: 10 }], radius: 3, tip: "round" }, size);
    const expected = without(oldPixels, dab);
    const right = brush([down(10, 10, { removes: true }), up(10, 10)], holding);
    expect(pixels(right.effects)).toEqual(expected);
    expect(right.effects).toMatchObject([{ type: "change", deed: "eraser stroke on" }]);
    expect(pixels(eraser(along({ x: 10, y: 10 })).effects)).toEqual(expected);
  });

  test("a mask of which nothing is left is deleted, and that is said", () => {
    const { effects } = eraser(along({ x: 9, y: 12 }, { x: 15, y: 12 }));
    expect(effects).toMatchObject([{ type: "delete", ids: ["old"] }, { type: "say" }]);
  });

  test("a stroke that changes no pixel leaves no entry", () => {
    expect(eraser(along({ x: 30, y: 20 })).effects).toEqual([]);
    expect(brush(along({ x: 60, y: 60 })).effects).toEqual([]);
  });

  test("Shift draws a straight line from where the last stroke ended", () => {
    const { state } = brush([...along({ x: 2, y: 2 }, { x: 4, y: 2 }), down(20, 20, { shift: true })]);
    expect(state.stroke?.points).toEqual([
      { x: 4, y: 2 },
      { x: 20, y: 20 },
    ]);
    expect(brush([down(20, 20, { shift: true })]).state.stroke?.points).toHaveLength(1);
  });

  test("Escape drops the stroke under way, Enter lets go of the finished mask", () => {
    const { state, effects } = brush([down(2, 2), move(9, 9), { type: "cancel" }, up(9, 9)]);
    expect(state.stroke).toBeNull();
    expect(effects).toEqual([]);
    expect(brush([{ type: "commit" }], holding).effects).toEqual([
      { type: "select", ids: [] },
      { type: "ask", id: "old" },
    ]);
  });

  test("what cannot be painted is answered with a sentence", () => {
    const box = annotation({ id: "box", kind: "box", segmentation: null });
    for (const world of [
      { ...worldOf([box], size), selected: ["box"] },
      { ...worldOf([painted, box], size), selected: ["old", "box"] },
      { ...free, classId: null },
    ]) {
      const { state, effects } = brush([down(5, 5)], world);
      expect(effects.map(({ type }) => type)).toEqual(["say"]);
      expect(state.stroke).toBeNull();
    }
    expect(eraser([down(5, 5)], free).effects).toMatchObject([{ type: "say" }]);
  });

  test("the size goes up and down by keys, never below one pixel, and the ring shows it", () => {
    const sizes = fc.array(fc.constantFrom("larger", "smaller"), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (types) => {
        const { diameter } = brush(types.map((type) => ({ type }) as ToolEvent)).state;
        expect(diameter).toBeGreaterThanOrEqual(1);
        expect(diameter).toBeLessThanOrEqual(1000);
        const grown = brush([{ type: "larger" }], free, { ...start, diameter }).state.diameter;
        expect(grown > diameter || diameter === 1000).toBe(true);
      }),
    );
    expect(previewBrush(brush([move(7, 8)]).state).ring).toEqual({
      at: { x: 7, y: 8 },
      radius: 3,
      tip: "round",
    });
    expect(previewBrush(brush([move(7, 8), { type: "leave" }]).state).ring).toBeNull();
  });
});
