import { describe, expect, test } from "vitest";
import { maskArea } from "../geometry/mask";
import { maskOf } from "../model/annotation";
import { maskGeometry, polygonGeometry } from "../model/geometry";
import type { Candidate } from "../model/prediction";
import { annotation } from "../model/testing";
import { stepSegment } from "./segment";
import { idleSegment, latest, type SegmentState } from "./segmentState";
import { down, move, play as playTool, up, worldOf } from "./testing";
import type { Effect, ToolContext, ToolEvent } from "./tool";

const size = { width: 100, height: 80 };
const FIELD = { width: 400, height: 400 };

const candidate = (score: number): Candidate => ({
  segmentation: { size: [80, 100], counts: `${score}` },
  bbox: [0, 0, 1, 1],
  area: 1,
  score,
  stability_score: 0.8,
  logits: `logits ${score}`,
});

const predicted = (request: number, ...scores: number[]): ToolEvent => ({
  type: "predicted",
  request,
  prediction: { candidates: scores.map(candidate), preferred: 0, model: "mobile_sam" },
});

const press = (x: number, y: number, removes = false): ToolEvent[] => [down(x, y, { removes }), up(x, y)];
const play = (events: ToolEvent[], world: ToolContext, start: SegmentState = idleSegment) =>
  playTool(stepSegment, start, events, world);
const prompts = (effects: Effect[]) => effects.flatMap((e) => (e.type === "predict" ? [e.prompt] : []));

describe("SAM with a mask selected", () => {
  const old = annotation({ prompts: [{ points: [], box: [0, 0, 2, 2], mask: false }] });
  const world = { ...worldOf([old], size), selected: ["a1"] };

  test("a first click, also one that removes, sends the mask along and asks for several readings", () => {
    expect(prompts(play(press(10, 20, true), world).effects)).toEqual([
      {
        points: [{ x: 10, y: 20, label: 0 }],
        box: null,
        mask: old.segmentation,
        logits: null,
        multimask: true,
      },
    ]);
  });

  const clicked = (...at: number[]) => at.map((each) => ({ x: each, y: each, label: 1 }));

  test("the next click changes the mask that was chosen, and nothing is said again that led to it", () => {
    const chosen = [...press(1, 1), predicted(1, 0.9, 0.7), { type: "next" } as const];
    const { state, effects } = play([...chosen, ...press(22, 22)], world);
    expect(prompts(effects)[1]).toMatchObject({
      points: clicked(22),
      box: null,
      mask: candidate(0.7).segmentation,
      logits: null,
    });
    expect(latest(state)?.points).toEqual(clicked(1, 22));
  });

  test("a click before the answer changes the mask as it was, together with the clicks before it", () => {
    const { effects } = play([...press(1, 1), ...press(22, 22)], world);
    expect(prompts(effects)[1]).toMatchObject({
      points: clicked(1, 22),
      mask: old.segmentation,
      logits: null,
    });
  });

  test("taking back the last click shows the mask that was there before, and goes on from it", () => {
    const first = [...press(1, 1), predicted(1, 0.9)];
    const second = [...press(22, 22), predicted(2, 0.8), { type: "back" } as const];
    const { effects } = play([...first, ...second, ...press(43, 43)], world);
    expect(prompts(effects).at(-1)).toMatchObject({
      points: clicked(43),
      mask: candidate(0.9).segmentation,
    });
  });

  test("Enter gives it the new mask, scores and prompts, and it stays selected", () => {
    const { state, effects } = play([...press(10, 20), predicted(1, 0.9), { type: "commit" }], world);
    const [change, made] = effects.slice(-2);
    expect(change).toMatchObject({ type: "change", deed: "refinement of" });
    expect(change?.type === "change" && change.changes.get("a1")).toMatchObject({
      kind: "mask",
      segmentation: candidate(0.9).segmentation,
      source: "sam",
      predicted_iou: 0.9,
      prompts: [...old.prompts, { points: [{ x: 10, y: 20, label: 1 }], box: null, mask: true }],
    });
    expect(made).toEqual({ type: "made", ids: ["a1"] });
    expect(state.target).toBeNull();
  });

  test("Escape leaves it as it was", () => {
    const { state, effects } = play([...press(10, 20), predicted(1, 0.9), { type: "cancel" }], world);
    expect(effects.map(({ type }) => type)).toEqual(["predict"]);
    expect(state).toEqual({ ...idleSegment, request: state.request });
  });

  test("a mask that somebody deleted meanwhile is kept as a new object", () => {
    const begun = play([...press(10, 20), predicted(1, 0.9)], world).state;
    const { effects } = play([{ type: "commit" }], worldOf([], size), begun);
    expect(effects).toMatchObject([
      { type: "add", annotation: { id: "new", class_id: "sheep" } },
      { type: "made", ids: ["new"] },
    ]);
  });
});

describe("which object a first click or box with SAM is for", () => {
  // 20 × 20 pixels in the middle of a field.
  const square = annotation({
    id: "s",
    ...maskGeometry({ x: 200, y: 200, w: 20, h: 20, data: new Uint8Array(400).fill(1) }, FIELD),
  });
  const world = { ...worldOf([square], FIELD), selected: ["s"] };
  const target = (events: ToolEvent[], changed: Partial<ToolContext> = {}) =>
    play(events, { ...world, ...changed }).state.target;

  test("one on the selected object or near it refines it, one far away begins another", () => {
    expect(target(press(210, 210))).toBe("s");
    expect(target(press(250, 210))).toBe("s");
    expect(target(press(253, 210))).toBeNull();
    expect(target(press(240, 240))).toBe("s");
    expect(target(press(243, 243)), "by its nearest corner").toBeNull();
  });

  test("near is 32 pixels of the screen, and a tenth of a large object in the image", () => {
    expect(target(press(253, 210), { scale: 0.5 })).toBe("s");
    expect(target(press(250, 210), { scale: 4 })).toBeNull();
    const large = annotation({
      id: "s",
      ...maskGeometry({ x: 0, y: 0, w: 400, h: 10, data: new Uint8Array(4000).fill(1) }, FIELD),
    });
    expect(target(press(100, 49), { image: worldOf([large], FIELD).image })).toBe("s");
    expect(target(press(100, 51), { image: worldOf([large], FIELD).image })).toBeNull();
  });

  test("one that takes away, or has Shift, is for the selected object wherever it is", () => {
    expect(target(press(300, 300, true))).toBe("s");
    expect(target([down(300, 300, { shift: true }), up(300, 300)])).toBe("s");
  });

  test("what was just made is refined only by a click on it: its neighbor may come next", () => {
    expect(target(press(210, 210), { isMade: true })).toBe("s");
    expect(target(press(222, 210), { isMade: true })).toBeNull();
    expect(target(press(222, 210, true), { isMade: true })).toBe("s");
  });

  test("a box is for it where each holds the other's middle", () => {
    const box = (x0: number, y0: number, x1: number, y1: number) => [down(x0, y0), move(x1, y1), up(x1, y1)];
    expect(target(box(195, 195, 230, 230))).toBe("s");
    expect(target(box(215, 195, 260, 230)), "a neighbor that overlaps").toBeNull();
  });

  test("a locked one is never refined", () => {
    expect(target(press(210, 210), { locked: new Set(["s"]) })).toBeNull();
  });
});

describe("SAM with a stored box", () => {
  const box = annotation({ kind: "box", segmentation: null, bbox: [10, 20, 30, 40] });
  const world = { ...worldOf([box], size), selected: ["a1"] };

  test("the box is the prompt, with several readings to choose from", () => {
    const { effects } = play([{ type: "fromBox", id: "a1" }], world);
    expect(prompts(effects)).toMatchObject([{ points: [], box: [10, 20, 40, 60], multimask: true }]);
  });

  test("the reading that is kept takes the place of the box", () => {
    const { state } = play([{ type: "fromBox", id: "a1" }], world);
    const answer = [predicted(state.request, 0.9, 0.8), { type: "next" }, { type: "commit" }] as const;
    const [change] = play([...answer], world, state).effects;
    expect(change).toMatchObject({ type: "change", deed: "mask from" });
    expect(change?.type === "change" && change.changes.get("a1")).toMatchObject({
      kind: "mask",
      predicted_iou: 0.8,
      chosen_rank: 1,
      prompts: [{ box: [10, 20, 40, 60], mask: false }],
    });
  });

  test("a click while it is selected begins a new object: only masks are refined", () => {
    expect(play(press(10, 10), world).state.target).toBeNull();
  });
});

test("a polygon that is selected goes to the model as its mask, and becomes the mask that is kept", () => {
  const drawn = annotation({ id: "p", ...polygonGeometry([[[10, 10, 20, 10, 20, 20, 10, 20]]]) });
  const world = { ...worldOf([drawn], size), selected: ["p"] };
  const { effects } = play([...press(12, 12), predicted(1, 0.9), { type: "commit" }], world);
  const [prompt] = prompts(effects);
  expect(prompt?.mask && maskArea(maskOf(prompt.mask))).toBe(100);
  expect(effects).toContainEqual(expect.objectContaining({ type: "change", deed: "refinement of" }));
});
