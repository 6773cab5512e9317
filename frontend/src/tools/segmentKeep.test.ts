import { describe, expect, test } from "vitest";
import type { Corners } from "../geometry/box";
import type { Candidate } from "../model/prediction";
import { annotation } from "../model/testing";
import { stepSegment } from "./segment";
import { idleSegment, latest, type SegmentState } from "./segmentState";
import { down, play as playTool, up, worldOf } from "./testing";
import type { Effect, ToolContext, ToolEvent } from "./tool";

const world = worldOf([], { width: 100, height: 80 });

const candidate = (score: number): Candidate => ({
  segmentation: { size: [80, 100], counts: `${score}` },
  bbox: [0, 0, 1, 1],
  area: 1,
  score,
  stability_score: 0.8,
  logits: "",
});
const predicted = (request: number, ...scores: number[]): ToolEvent => ({
  type: "predicted",
  request,
  prediction: { candidates: scores.map(candidate), preferred: 0, model: "mobile_sam" },
});
const failed = (request: number): ToolEvent => ({ type: "failed", request, reason: "No answer." });
const click = (x: number, y: number): ToolEvent[] => [down(x, y), up(x, y)];
const enter: ToolEvent = { type: "commit" };
const play = (events: ToolEvent[], context: ToolContext = world, start: SegmentState = idleSegment) =>
  playTool(stepSegment, start, events, context);
const added = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === "add" ? [effect.annotation] : []));
const requests = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === "predict" ? [effect.request] : []));

describe("Enter before the model has answered", () => {
  const first = play([...click(10, 20), enter]);
  const [asked = 0] = requests(first.effects);

  test("keeps the likeliest candidate as soon as it comes, selected", () => {
    expect(first.state.trail).toEqual([]);
    const { state, effects } = play([predicted(asked, 0.9, 0.7)], world, first.state);
    expect(added(effects)).toMatchObject([{ predicted_iou: 0.9, prompts: [{ points: [{ x: 10, y: 20 }] }] }]);
    expect(effects.at(-1)).toEqual({ type: "made", ids: ["new"] });
    expect(state.keeping).toEqual([]);
  });

  test("the next click begins a new prompt, and both are kept in whatever order the answers come", () => {
    const second = play(click(50, 60), { ...world, classId: "grass" }, first.state);
    const [other = 0] = requests(second.effects);
    expect(latest(second.state)?.points).toMatchObject([{ x: 50, y: 60 }]);
    for (const answers of [
      [predicted(asked, 0.9), predicted(other, 0.8)],
      [predicted(other, 0.8), predicted(asked, 0.9)],
    ]) {
      const { state, effects } = play([enter, ...answers], { ...world, classId: "grass" }, second.state);
      const kept = added(effects).map(({ class_id, predicted_iou }) => [class_id, predicted_iou]);
      expect(new Map(kept as [string, number][])).toEqual(
        new Map([
          ["sheep", 0.9],
          ["grass", 0.8],
        ]),
      );
      expect(state.keeping).toEqual([]);
    }
  });

  test("an object that comes while people are at the next one is not selected, nor is what they picked let go", () => {
    const going = play(click(50, 60), world, first.state).state;
    expect(play([predicted(asked, 0.9)], world, going).effects.map(({ type }) => type)).toEqual(["add"]);
    const picked = { ...world, selected: ["other"] };
    expect(play([predicted(asked, 0.9)], picked, first.state).effects.map(({ type }) => type)).toEqual([
      "add",
    ]);
  });

  test("an answer that fails brings the prompt back where nothing else is in hand", () => {
    const { state } = play([failed(asked)], world, first.state);
    expect(state).toMatchObject({ keeping: [], problem: "No answer. The object was not kept." });
    expect(latest(state)?.points).toMatchObject([{ x: 10, y: 20 }]);
    const again = play(click(10, 20), world, state);
    expect(requests(again.effects)).toHaveLength(1);
  });

  test("an answer that fails is told until Esc where people have gone on, and so is an empty one", () => {
    for (const answer of [failed(asked), predicted(asked)]) {
      const going = play([...click(50, 60), answer], world, first.state).state;
      expect(going.lost).toContain("The object was not kept.");
      expect(latest(going)?.points).toMatchObject([{ x: 50, y: 60 }]);
      const given = play([{ type: "cancel" }], world, going).state;
      expect(given).toMatchObject({ trail: [], lost: going.lost });
      expect(play([{ type: "cancel" }], world, given).state.lost).toBeNull();
    }
  });

  test("of several readings the preferred one is kept", () => {
    const answer = predicted(asked, 0.9, 0.7);
    if (answer.type !== "predicted") throw new Error("It is an answer.");
    const preferring = { ...answer, prediction: { ...answer.prediction, preferred: 1 } };
    expect(added(play([preferring], world, first.state).effects)).toMatchObject([{ chosen_rank: 1 }]);
  });

  test("undo takes it back before it is there", () => {
    const { state } = play([{ type: "back" }], world, first.state);
    expect(added(play([predicted(asked, 0.9)], world, state).effects)).toEqual([]);
  });

  test("a refinement is kept as well", () => {
    const old = { ...worldOf([annotation()], { width: 100, height: 80 }), selected: ["a1"] };
    const { effects } = play([...click(1, 1), enter, predicted(1, 0.9)], old);
    expect(effects.map(({ type }) => type)).toEqual(["predict", "change", "made"]);
  });

  test("where the part in sight is not prepared, or too small, the whole image answers", () => {
    const SEEN: Corners = [10, 10, 60, 60];
    const near = { ...world, closeUp: SEEN };
    const begun = play([...click(20, 20), enter], near);
    const later = play([{ type: "notReady", request: 1 }], near, begun.state);
    const cut: ToolEvent = {
      type: "predicted",
      request: 1,
      prediction: {
        candidates: [{ ...candidate(0.9), bbox: [10, 10, 5, 5] }],
        preferred: 0,
        model: "m",
        region: SEEN,
      },
    };
    const small = play([cut], near, begun.state);
    for (const { state, effects } of [later, small]) {
      const [whole = 0] = requests(effects);
      expect(effects).toMatchObject([{ type: "predict" }]);
      expect(effects[0]?.type === "predict" && effects[0].prompt).not.toHaveProperty("region");
      expect(added(play([predicted(whole, 0.8)], near, state).effects)).toHaveLength(1);
    }
  });
});
