import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "../model/prediction";
import { anna, imageOf } from "../model/testing";
import { stepSegment } from "./segment";
import { previewSegment } from "./segmentPreview";
import { idleSegment, latest, type SegmentState, shown } from "./segmentState";
import type { Effect, ToolContext, ToolEvent } from "./tool";

const context: ToolContext = {
  image: { ...imageOf(), width: 100, height: 80 },
  hidden: new Set(),
  locked: new Set(),
  readOnly: false,
  selected: [],
  isMade: false,
  scale: 1,
  classId: "sheep",
  proposals: null,
  me: anna,
  closeUp: null,
  ready: true,
  tidiesMasks: false,
  newId: () => "new",
};

const candidate = (score: number): Candidate => ({
  segmentation: { size: [80, 100], counts: "0" },
  bbox: [0, 0, 1, 1],
  area: 1,
  score,
  stability_score: 0.8,
  logits: `logits ${score}`,
});

const pointer = (x: number, y: number) => ({ at: { x, y }, screen: { x, y } });
const press = (x: number, y: number, removes = false): ToolEvent[] => [
  { type: "down", pointer: pointer(x, y), removes, shift: false },
  { type: "up", pointer: pointer(x, y) },
];
const drag = (x0: number, y0: number, x1: number, y1: number): ToolEvent[] => [
  { type: "down", pointer: pointer(x0, y0), removes: false, shift: false },
  { type: "move", pointer: pointer(x1, y1) },
  { type: "up", pointer: pointer(x1, y1) },
];
const preferring = (preferred: number, request: number, ...scores: number[]): ToolEvent => ({
  type: "predicted",
  request,
  prediction: { candidates: scores.map(candidate), preferred, model: "mobile_sam" },
});
const predicted = (request: number, ...scores: number[]) => preferring(0, request, ...scores);

function play(events: ToolEvent[], world = context, start: SegmentState = idleSegment) {
  return events.reduce<{ state: SegmentState; effects: Effect[] }>(
    ({ state, effects }, event) => {
      const stepped = stepSegment(state, event, world);
      return { state: stepped.state, effects: [...effects, ...stepped.effects] };
    },
    { state: start, effects: [] },
  );
}
const prompts = (effects: Effect[]) => effects.flatMap((e) => (e.type === "predict" ? [e.prompt] : []));

describe("the SAM tool", () => {
  test("a click asks for several readings of one point", () => {
    const { effects } = play(press(10, 20));
    expect(prompts(effects)).toEqual([
      { points: [{ x: 10, y: 20, label: 1 }], box: null, mask: null, logits: null, multimask: true },
    ]);
  });

  test("a further click feeds the chosen candidate back and asks for one reading", () => {
    const { effects } = play([
      ...press(10, 20),
      predicted(1, 0.9, 0.7),
      { type: "next" },
      ...press(5, 5, true),
    ]);
    expect(prompts(effects)[1]).toEqual({
      points: [
        { x: 10, y: 20, label: 1 },
        { x: 5, y: 5, label: 0 },
      ],
      box: null,
      mask: null,
      logits: "logits 0.7",
      multimask: false,
    });
  });

  test("a drag is a box, whichever way it goes, cut at the image's edge", () => {
    expect(prompts(play(drag(50, 60, 120, -10)).effects)[0]?.box).toEqual([50, 0, 100, 60]);
  });

  test("a drag from outside the image begins at its edge", () => {
    expect(prompts(play(drag(-20, 10, 30, 40)).effects)[0]?.box).toEqual([0, 10, 30, 40]);
  });

  test("a tremble of less than four pixels is still a click", () => {
    const [prompt] = prompts(play(drag(10, 10, 12, 12)).effects);
    expect(prompt).toMatchObject({ box: null, points: [{ x: 10, y: 10, label: 1 }] });
  });

  test("a point after a box keeps the box", () => {
    const { effects } = play([...drag(0, 0, 50, 50), predicted(1, 0.8), ...press(20, 20)]);
    expect(prompts(effects)[1]).toMatchObject({
      box: [0, 0, 50, 50],
      logits: "logits 0.8",
      multimask: false,
    });
  });

  test("a click beside the image does nothing", () => {
    expect(play(press(101, 10)).effects).toEqual([]);
  });

  test("a first point that removes is answered with a sentence", () => {
    const { state, effects } = play(press(10, 10, true));
    expect(state.trail).toEqual([]);
    expect(effects).toEqual([{ type: "say", sentence: "Begin with a left click on the object." }]);
  });

  test("a click while the image is being prepared is answered with a sentence", () => {
    const { state, effects } = play(press(10, 10), { ...context, ready: false });
    expect(state.trail).toEqual([]);
    expect(effects).toMatchObject([{ type: "say" }]);
  });

  test("a late answer to an earlier prompt is dropped", () => {
    const { state } = play([...press(10, 20), ...press(32, 20), predicted(1, 0.9)]);
    expect(state.waiting).toBe(true);
    expect(shown(state)).toBeUndefined();
  });

  test("an answer after Escape is dropped", () => {
    const { state } = play([
      ...press(10, 20),
      { type: "cancel" },
      predicted(1, 0.9),
      ...press(3, 3),
      predicted(1, 0.5),
    ]);
    expect(shown(state)).toBeUndefined();
  });

  test("Tab goes round the candidates", () => {
    const start = [...press(10, 20), predicted(1, 0.9, 0.7, 0.5)];
    const chosen = (...events: ToolEvent[]) => latest(play([...start, ...events]).state)?.chosen;
    expect(chosen({ type: "next" })).toBe(1);
    expect(chosen({ type: "previous" })).toBe(2);
    expect(chosen({ type: "next" }, { type: "next" }, { type: "next" })).toBe(0);
    expect(chosen({ type: "choose", rank: 2 })).toBe(2);
  });

  test("the preferred candidate is preselected, and Tab goes on from it in the order of the answer", () => {
    const start = [...press(10, 20), preferring(1, 1, 0.9, 0.7, 0.5)];
    const chosen = (...events: ToolEvent[]) => latest(play([...start, ...events]).state)?.chosen;
    expect(chosen()).toBe(1);
    expect(chosen({ type: "next" })).toBe(2);
    expect(chosen({ type: "next" }, { type: "next" })).toBe(0);
    expect(chosen({ type: "previous" })).toBe(0);
    const { effects } = play([...start, { type: "commit" }]);
    expect(effects.at(-2)).toMatchObject({ annotation: { chosen_rank: 1, predicted_iou: 0.7 } });
  });

  test("Enter keeps the chosen candidate with its scores, prompts and rank, and the tool is free again", () => {
    const { state, effects } = play([
      ...press(10, 20),
      predicted(1, 0.9, 0.7),
      { type: "next" },
      ...press(30, 20),
      predicted(2, 0.95),
      { type: "commit" },
    ]);
    expect(effects.at(-1)).toEqual({ type: "made", ids: ["new"] });
    expect(effects.at(-2)).toMatchObject({
      type: "add",
      annotation: {
        id: "new",
        class_id: "sheep",
        source: "sam",
        model: "mobile_sam",
        chosen_rank: 0,
        predicted_iou: 0.95,
        stability_score: 0.8,
        confidence: 0.8,
        prompts: [{ mask: false }, { mask: true, points: [{ x: 10 }, { x: 30 }] }],
      },
    });
    expect(state.trail).toEqual([]);
  });

  test("Enter asks for a class where there is none", () => {
    const without = play([...press(1, 1), predicted(1, 0.9), { type: "commit" }], {
      ...context,
      classId: null,
    });
    expect(without.state.trail).toHaveLength(1);
    expect(without.effects.at(-1)?.type).toBe("say");
  });

  test("Backspace takes the last point away and shows what was there before, without asking again", () => {
    const { state, effects } = play([
      ...press(10, 20),
      predicted(1, 0.9, 0.7),
      { type: "next" },
      ...press(30, 20),
      { type: "back" },
    ]);
    expect(prompts(effects)).toHaveLength(2);
    expect(latest(state)).toMatchObject({ chosen: 1, points: [{ x: 10, y: 20 }] });
    expect(state.waiting).toBe(false);
  });

  test("Backspace asks again where the earlier prompt was never answered", () => {
    const { effects, state } = play([...press(10, 20), ...press(30, 20), { type: "back" }]);
    expect(prompts(effects)).toHaveLength(3);
    expect(state.waiting).toBe(true);
  });

  test("Escape lets go of a drag first, then of the points", () => {
    const dragging = play([...press(10, 20), ...drag(0, 0, 9, 9).slice(0, 2), { type: "cancel" }]).state;
    expect(dragging.press).toBeNull();
    expect(dragging.trail).toHaveLength(1);
    expect(play([{ type: "cancel" }], context, dragging).state.trail).toEqual([]);
  });

  test("a failure is shown as a sentence and the next click goes on", () => {
    const failed = play([...press(10, 20), { type: "failed", request: 1, reason: "No answer." }]).state;
    expect(failed).toMatchObject({ waiting: false, problem: "No answer." });
    expect(play(press(10, 20), context, failed).state).toMatchObject({ waiting: true, problem: null });
    expect(play(press(31, 20), context, failed).state).toMatchObject({ waiting: true, problem: null });
  });

  test("the preview shows the last answered candidate while the next is on its way", () => {
    const { state } = play([...press(10, 20), predicted(1, 0.9), ...press(30, 20)]);
    expect(previewSegment(state)).toMatchObject({
      pending: true,
      candidate: { score: 0.9 },
      points: [{}, {}],
    });
  });

  test("cancelling level by level always leaves nothing behind", () => {
    const coordinate = fc.integer({ min: -10, max: 110 });
    const any = fc.oneof(
      fc.tuple(coordinate, coordinate, fc.boolean()).map(([x, y, removes]) => press(x, y, removes)),
      fc.tuple(coordinate, coordinate, coordinate, coordinate).map((c) => drag(...c).slice(0, 2)),
      fc.integer({ min: 0, max: 9 }).map((request) => [predicted(request, 0.9, 0.5)]),
      fc.constantFrom("next", "back", "commit").map((type) => [{ type } as ToolEvent]),
    );
    fc.assert(
      fc.property(fc.array(any), (events) => {
        const { state } = play([
          ...events.flat(),
          { type: "cancel" },
          { type: "cancel" },
          { type: "cancel" },
        ]);
        const { request, keeping } = state;
        expect(state, "but for what Enter has kept").toEqual({ ...idleSegment, request, keeping });
      }),
    );
  });
});

describe("the points of a prompt", () => {
  const two = [...press(10, 20), predicted(1, 0.9), ...press(50, 60), predicted(2, 0.8)];

  test("dragging one moves it and asks anew, without what the old place has led to", () => {
    const { state, effects } = play([...two, ...drag(12, 22, 30, 40)]);
    expect(prompts(effects)[2]).toEqual({
      points: [
        { x: 30, y: 40, label: 1 },
        { x: 50, y: 60, label: 1 },
      ],
      box: null,
      mask: null,
      logits: null,
      multimask: false,
    });
    expect(previewSegment(state).held).toEqual({ x: 30, y: 40, label: 1 });
  });

  test("while it is dragged it is drawn where the pointer is, and no box is", () => {
    const { state } = play([...two, ...drag(12, 22, 30, 40).slice(0, 2)]);
    expect(previewSegment(state)).toMatchObject({
      box: null,
      points: [
        { x: 30, y: 40 },
        { x: 50, y: 60 },
      ],
    });
  });

  test("a right or Alt click takes one away, and so does Delete after a click on it", () => {
    const right = play([...two, ...press(10, 20, true)]);
    const held = play([...two, ...press(10, 20), { type: "deletePoint" }]);
    for (const { effects } of [right, held])
      expect(prompts(effects)[2]).toMatchObject({
        points: [{ x: 50, y: 60 }],
        logits: null,
        multimask: true,
      });
  });

  test("with the last point the whole prompt goes, and one on the object always stays", () => {
    expect(play([...press(10, 20), predicted(1, 0.9), ...press(10, 20, true)]).state.trail).toEqual([]);
    const start = [...press(10, 20), predicted(1, 0.9), ...press(50, 60, true), predicted(2, 0.8)];
    const { state, effects } = play([...start, ...press(10, 20, true)]);
    expect(latest(state)?.points).toHaveLength(2);
    expect(effects.at(-1)).toMatchObject({ type: "say" });
  });

  test("Backspace brings a moved or removed point back", () => {
    for (const edit of [drag(10, 20, 30, 40), press(50, 60, true)]) {
      const { state } = play([...two, ...edit, { type: "back" }]);
      expect(latest(state)?.points).toEqual([
        { x: 10, y: 20, label: 1 },
        { x: 50, y: 60, label: 1 },
      ]);
    }
  });

  test("points stay inside the image and keep their label and order, wherever one is dragged", () => {
    const place = fc.record({ x: fc.integer({ min: -50, max: 150 }), y: fc.integer({ min: -50, max: 130 }) });
    fc.assert(
      fc.property(place, ({ x, y }) => {
        const [, { x: px, y: py, label } = { x: -1, y: -1, label: 0 }] =
          latest(play([...two, ...drag(50, 60, x, y)]).state)?.points ?? [];
        expect(px >= 0 && px <= 100 && py >= 0 && py <= 80 && label === 1).toBe(true);
      }),
    );
  });
});
