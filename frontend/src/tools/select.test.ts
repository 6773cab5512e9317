import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxGeometry, polygonGeometry } from "../model/geometry";
import { annotation } from "../model/testing";
import { idleSelect, previewSelect, stepSelect } from "./select";
import { down, move, play, up, worldOf } from "./testing";
import type { Effect, ToolContext, ToolEvent } from "./tool";

const size = { width: 100, height: 80 };
const pile = worldOf(
  [annotation({ id: "low", z: 0 }), annotation({ id: "middle", z: 1 }), annotation({ id: "top", z: 2 })],
  size,
);
const world = (selected: string | null, hidden: string[] = []): ToolContext => ({
  ...pile,
  hidden: new Set(hidden),
  selected: selected === null ? [] : [selected],
});
const run = (events: ToolEvent[], context: ToolContext) => play(stepSelect, idleSelect, events, context);
const click = (x: number, y: number, shift = false): ToolEvent[] => [down(x, y, { shift }), up(x, y)];
const drag = (x0: number, y0: number, x1: number, y1: number, shift = false): ToolEvent[] => [
  down(x0, y0, { shift }),
  move(x1, y1),
  up(x1, y1),
];
const picked = (events: ToolEvent[], context: ToolContext) => run(events, context).effects;
const changeOf = (effects: Effect[], id: string) =>
  effects.flatMap((e) => (e.type === "change" ? [e.changes.get(id)] : []))[0];

describe("the select tool", () => {
  test("a click picks the topmost, a further click the next below, and round again", () => {
    expect(picked(click(1, 1), world(null))).toEqual([{ type: "select", ids: ["top"] }]);
    expect(picked(click(1, 1), world("top"))).toEqual([{ type: "select", ids: ["middle"] }]);
    expect(picked(click(1, 1), world("low"))).toEqual([{ type: "select", ids: ["top"] }]);
  });

  test("hidden and locked objects cannot be picked", () => {
    expect(picked(click(1, 1), world(null, ["top", "middle"]))).toEqual([{ type: "select", ids: ["low"] }]);
    const locked = { ...world(null), locked: new Set(["top"]) };
    expect(picked(click(1, 1), locked)).toEqual([{ type: "select", ids: ["middle"] }]);
  });

  test("a click beside everything and Escape clear the selection", () => {
    expect(picked(click(7, 7), world("top"))).toEqual([{ type: "select", ids: [] }]);
    expect(picked([{ type: "cancel" }], world("top"))).toEqual([{ type: "select", ids: [] }]);
  });

  test("Tab goes through the objects, past the hidden ones", () => {
    const next: ToolEvent[] = [{ type: "next" }];
    expect(picked(next, world("low", ["middle"]))).toEqual([{ type: "select", ids: ["top"] }]);
    expect(picked(next, world("top"))).toEqual([{ type: "select", ids: ["low"] }]);
    expect(picked([{ type: "previous" }], world(null))).toEqual([{ type: "select", ids: ["top"] }]);
  });

  test("what lies under the pointer is marked, until the pointer leaves", () => {
    expect(run([move(1, 1)], world(null)).state.hovered).toBe("top");
    expect(run([move(1, 1), { type: "leave" }], world(null)).state.hovered).toBeNull();
  });

  test("Shift click adds one and takes it out again; beside everything it changes nothing", () => {
    expect(picked(click(1, 1, true), world("low"))).toEqual([{ type: "select", ids: ["low", "top"] }]);
    expect(picked(click(1, 1, true), world("top"))).toEqual([{ type: "select", ids: [] }]);
    expect(picked(click(7, 7, true), world("top"))).toEqual([{ type: "select", ids: ["top"] }]);
  });
});

const boxes = worldOf(
  [
    annotation({ id: "a", z: 0, ...boxGeometry({ x: 10, y: 10, w: 20, h: 20 }) }),
    annotation({ id: "b", z: 1, ...boxGeometry({ x: 50, y: 30, w: 10, h: 10 }) }),
  ],
  size,
);

describe("a marquee", () => {
  test("selects what lies wholly inside, with Shift in addition, however it is drawn", () => {
    expect(picked(drag(5, 5, 45, 45), boxes)).toEqual([{ type: "select", ids: ["a"] }]);
    expect(picked(drag(95, 75, 5, 5), boxes)).toEqual([{ type: "select", ids: ["a", "b"] }]);
    expect(picked(drag(5, 5, 20, 20), boxes)).toEqual([{ type: "select", ids: [] }]);
    const more = { ...boxes, selected: ["a"] };
    expect(picked(drag(45, 25, 70, 50, true), more)).toEqual([{ type: "select", ids: ["a", "b"] }]);
  });

  test("is shown while it is drawn", () => {
    const { state } = run([down(95, 75), move(5, 5)], boxes);
    expect(previewSelect(state, boxes.image, []).marquee).toEqual([5, 5, 95, 75]);
  });
});

describe("a selected box", () => {
  const holding = { ...boxes, selected: ["a"] };

  test("is moved by a drag inside, and a click inside still picks", () => {
    const { effects } = run(drag(20, 20, 25, 13), holding);
    expect(effects).toMatchObject([{ type: "change", deed: "move of" }]);
    expect(changeOf(effects, "a")?.bbox).toEqual([15, 3, 20, 20]);
    expect(picked(click(20, 20), holding)).toEqual([{ type: "select", ids: ["a"] }]);
  });

  test("is resized by a handle; to nothing is refused with a sentence", () => {
    const { effects } = run(drag(30, 30, 40, 50), holding);
    expect(effects).toMatchObject([{ type: "change", deed: "resize of" }]);
    expect(changeOf(effects, "a")?.bbox).toEqual([10, 10, 30, 40]);
    expect(picked(drag(30, 20, 10, 20), holding)).toMatchObject([{ type: "say" }]);
  });

  test("goes along with the others that are selected, all inside the image, as one change", () => {
    const both = { ...boxes, selected: ["a", "b"] };
    const far = fc.integer({ min: -200, max: 200 });
    fc.assert(
      fc.property(far, far, (x, y) => {
        fc.pre(Math.hypot(x, y) >= 4);
        const { effects } = run(drag(20, 20, 20 + x, 20 + y), both);
        expect(effects).toHaveLength(1);
        const [a, b] = ["a", "b"].map((id) => changeOf(effects, id)?.bbox ?? [0, 0, 0, 0]);
        expect([(b?.[0] ?? 0) - (a?.[0] ?? 0), (b?.[1] ?? 0) - (a?.[1] ?? 0)]).toEqual([40, 20]);
        expect(Math.min(a?.[0] ?? -1, a?.[1] ?? -1)).toBeGreaterThanOrEqual(0);
        expect(b?.[0]).toBeLessThanOrEqual(90);
        expect(b?.[1]).toBeLessThanOrEqual(70);
      }),
    );
  });

  test("shows its handles, and while it is dragged itself as it would be", () => {
    expect(previewSelect(idleSelect, boxes.image, ["a"]).handles).toHaveLength(8);
    const { state } = run([down(20, 20), move(30, 30)], holding);
    expect(previewSelect(state, boxes.image, ["a"])).toMatchObject({
      drafts: [{ id: "a" }],
      by: { x: 10, y: 10 },
    });
  });

  test("stays where it is for who may only look, and when it is locked", () => {
    for (const closed of [{ readOnly: true }, { locked: new Set(["a"]) }])
      expect(picked(drag(20, 20, 25, 13), { ...holding, ...closed })).toMatchObject([{ type: "select" }]);
  });

  test("Escape gives a drag up", () => {
    const events = [...drag(20, 20, 40, 40).slice(0, 2), { type: "cancel" } as const, up(40, 40)];
    expect(run(events, holding)).toMatchObject({ effects: [], state: { press: null } });
  });
});

describe("a selected polygon", () => {
  const hole = [14, 14, 18, 14, 18, 18];
  const outer = [10, 10, 40, 10, 40, 40, 10, 40];
  const one = annotation({ id: "p", ...polygonGeometry([[outer, hole]]) });
  const holding = { ...worldOf([one], size), selected: ["p"] };

  test("a point is dragged, and the hole stays", () => {
    const { effects } = run(drag(40, 10, 55.123456, -9), holding);
    expect(effects).toMatchObject([{ type: "change", deed: "point move on" }]);
    expect(changeOf(effects, "p")).toMatchObject({
      polygon: [[[10, 10, 55.12, 0, 40, 40, 10, 40], hole]],
      bbox: [10, 0, 45.12, 40],
    });
  });

  test("a drag of an edge adds a point there; a click on it does not", () => {
    const { effects } = run(drag(40, 25, 60, 25), holding);
    expect(effects).toMatchObject([{ type: "change", deed: "new point on" }]);
    expect(changeOf(effects, "p")?.polygon?.[0]?.[0]).toEqual([10, 10, 40, 10, 60, 25, 40, 40, 10, 40]);
    expect(picked(click(40, 25), holding).map(({ type }) => type)).toEqual(["select"]);
  });

  test("Alt click deletes a point, and so does Del after a click on it", () => {
    const without = [[[10, 10, 40, 40, 10, 40], hole]];
    const alt = run([down(40, 10, { removes: true }), up(40, 10)], holding).effects;
    expect(alt).toHaveLength(1);
    expect(changeOf(alt, "p")?.polygon).toEqual(without);
    const touched = run(click(40, 10), holding);
    expect(touched.effects).toEqual([]);
    expect(touched.state.vertex).toMatchObject({ index: 1 });
    const deleted = play(stepSelect, touched.state, [{ type: "deletePoint" }], holding);
    expect(changeOf(deleted.effects, "p")?.polygon).toEqual(without);
    expect(deleted.state.vertex).toBeNull();
  });

  test("its last three points cannot be taken away one by one", () => {
    const triangle = annotation({ id: "p", ...polygonGeometry([[[10, 10, 40, 10, 40, 40]]]) });
    const last = { ...worldOf([triangle], size), selected: ["p"] };
    expect(picked([down(40, 10, { removes: true })], last)).toMatchObject([{ type: "say" }]);
    expect(picked(drag(40, 40, 20, 10), last)).toMatchObject([{ type: "say" }]);
  });

  test("is moved whole by a drag inside", () => {
    expect(changeOf(run(drag(30, 30, 35, 28), holding).effects, "p")?.polygon).toEqual([
      [
        [15, 8, 45, 8, 45, 38, 15, 38],
        [19, 12, 23, 12, 23, 16],
      ],
    ]);
  });
});
