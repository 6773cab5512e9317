import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Corners } from "../geometry/box";
import type { Prediction } from "../model/prediction";
import { stepSegment } from "./segment";
import { idleSegment, type SegmentState, shown } from "./segmentState";
import { down, play as playTool, up, worldOf } from "./testing";
import type { Effect, ToolContext, ToolEvent } from "./tool";

const SIZE = { width: 6000, height: 4000 };
const SEEN: Corners = [1000, 1000, 2000, 1800];
const NEAR: Corners = [896, 896, 1920, 1920];
const near = { ...worldOf([], SIZE), closeUp: SEEN };

const answer = (score: number, region: Corners | null): Prediction => ({
  candidates: [score, score / 2].map((one) => ({
    segmentation: { size: [4000, 6000], counts: "0" },
    bbox: [1500, 1500, 20, 20],
    area: 1,
    score: one,
    stability_score: 0.9,
    logits: `logits ${one}`,
  })),
  preferred: 0,
  model: "mobile_sam",
  region,
});

const click = (x: number, y: number): ToolEvent[] => [down(x, y), up(x, y)];
const predicted = (request: number, score: number, region: Corners | null): ToolEvent => ({
  type: "predicted",
  request,
  prediction: answer(score, region),
});
const notReady = (request: number): ToolEvent => ({ type: "notReady", request });
const play = (events: ToolEvent[], world: ToolContext = near, start: SegmentState = idleSegment) =>
  playTool(stepSegment, start, events, world);
const asked = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === "predict");
const regions = (effects: readonly Effect[]) => asked(effects).map(({ prompt }) => prompt.region ?? null);
const best = (state: SegmentState) => shown(state)?.prediction?.candidates[0]?.score;

describe("SAM with a part of a large image in sight", () => {
  test("asks about that part; of the whole image where most of it is seen", () => {
    expect(regions(play(click(1500, 1500)).effects)).toEqual([SEEN]);
    expect(regions(play(click(1500, 1500), worldOf([], SIZE)).effects)).toEqual([null]);
  });

  test("while the part is not prepared the whole image answers at once, and the part takes its place later", () => {
    const { state, effects } = play([...click(1500, 1500), notReady(1), predicted(2, 0.6, null)]);
    expect(asked(effects)).toMatchObject([
      { request: 1, prompt: { region: SEEN } },
      { request: 2, prompt: { logits: null } },
      { request: 3, prompt: { region: SEEN }, after: expect.any(Number) },
    ]);
    expect(best(state)).toBe(0.6);
    expect(state.waiting).toBe(false);
    const again = play([notReady(3)], near, state);
    expect(asked(again.effects)).toMatchObject([{ request: 4, prompt: { region: SEEN } }]);
    const done = play([predicted(4, 0.9, NEAR)], near, again.state).state;
    expect(best(done)).toBe(0.9);
    expect(done.detail).toBeNull();
  });

  test("the part may be ready before the whole image has answered, which then comes too late", () => {
    const { state } = play([
      ...click(1500, 1500),
      notReady(1),
      predicted(3, 0.9, NEAR),
      predicted(2, 0.6, null),
    ]);
    expect(best(state)).toBe(0.9);
  });

  test("what reaches beyond the part is asked of the whole image, whose answer replaces that of the part", () => {
    const cut = answer(0.9, NEAR);
    const large: Prediction = {
      ...cut,
      candidates: cut.candidates.map((one) => ({ ...one, bbox: [896, 1000, 300, 300] })),
    };
    const first = play([...click(1500, 1500), { type: "predicted", request: 1, prediction: large }]);
    expect(regions(first.effects)).toEqual([SEEN, null]);
    expect([best(first.state), first.state.waiting], "its part is shown meanwhile").toEqual([0.9, true]);
    expect(best(play([predicted(2, 0.6, null)], near, first.state).state)).toBe(0.6);
    const chosen = play([{ type: "next" }, predicted(2, 0.6, null)], near, first.state).state;
    expect(shown(chosen)?.chosen, "of other candidates the preferred one is shown").toBe(0);
    const late = play([...click(1500, 1500), notReady(1), predicted(2, 0.6, null)]).state;
    const { state } = play([{ type: "predicted", request: 3, prediction: large }], near, late);
    expect([best(state), state.detail]).toEqual([0.6, null]);
    const atTheEdge = { ...large, region: [896, 896, 1920, 1920] as const };
    const corner = { ...near, image: { ...near.image, width: 1920, height: 1920 } };
    const reaching = atTheEdge.candidates.map((one) => ({ ...one, bbox: [1500, 1500, 420, 420] as const }));
    const kept = play(
      [
        ...click(1500, 1500),
        { type: "predicted", request: 1, prediction: { ...atTheEdge, candidates: reaching } },
      ],
      corner,
    );
    expect(regions(kept.effects)).toEqual([SEEN]);
  });

  test("gives up asking about the part after a while, or when it fails, and keeps what there is", () => {
    let { state } = play([...click(1500, 1500), notReady(1), predicted(2, 0.6, null)]);
    let questions = 0;
    while (state.detail) {
      state = play([notReady(state.detail.request)], near, state).state;
      questions++;
    }
    expect(questions).toBeGreaterThan(10);
    expect(questions).toBeLessThan(100);
    expect(best(state)).toBe(0.6);
    const failed = play([...click(1500, 1500), notReady(1), predicted(2, 0.6, null), failedAt(3)]).state;
    expect([failed.detail, failed.problem, best(failed)]).toEqual([null, null, 0.6]);
  });

  test.each<[string, ToolEvent[]]>([
    ["clicked again", [...click(1600, 1600), predicted(4, 0.7, null)]],
    ["chosen another candidate", [{ type: "next" }]],
    ["kept a candidate", [{ type: "commit" }]],
    ["given up", [{ type: "cancel" }]],
  ])("whoever has %s does not find the candidates replaced", (_, events) => {
    const before = play([...click(1500, 1500), notReady(1), predicted(2, 0.6, null), ...events]).state;
    expect(play([predicted(3, 0.9, NEAR)], near, before).state).toEqual(before);
  });

  test("goes on with the part that answered last while it holds the prompt and is not far larger than what is seen", () => {
    const { state } = play([...click(1500, 1500), predicted(1, 0.9, NEAR)]);
    const next = (x: number, closeUp: Corners | null) =>
      regions(play(click(x, 1500), { ...near, closeUp }, state).effects);
    expect(next(1100, [1200, 1200, 2200, 2000])).toEqual([NEAR]);
    expect(next(1100, null)).toEqual([NEAR]);
    expect(next(3000, [2500, 1200, 3500, 2000])).toEqual([[2500, 1200, 3500, 2000]]);
    expect(next(1550, [1490, 1490, 1590, 1590])).toEqual([[1490, 1490, 1590, 1590]]);
  });

  test("whatever comes in whatever order, an answer is shown only to the newest prompt", () => {
    const place = fc.integer({ min: 1000, max: 1800 });
    const events = fc.oneof(
      fc.tuple(place, place).map(([x, y]) => click(x, y)),
      fc.nat(30).map((request) => [notReady(request)]),
      fc.nat(30).map((request) => [predicted(request, request / 31, request % 2 ? NEAR : null)]),
      fc.nat(30).map((request) => [failedAt(request)]),
      fc
        .constantFrom<ToolEvent>({ type: "next" }, { type: "cancel" }, { type: "back" })
        .map((event) => [event]),
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 30 }), (script) => {
        let state = idleSegment;
        const askedFor = new Map<number, unknown>();
        for (const event of script.flat()) {
          const before = state;
          const stepped = stepSegment(state, event, near);
          state = stepped.state;
          for (const { request } of asked(stepped.effects)) askedFor.set(request, state.trail.at(-1)?.points);
          if (event.type !== "predicted" || state === before) continue;
          expect(askedFor.get(event.request)).toBe(state.trail.at(-1)?.points);
          expect([before.awaited, before.detail?.request]).toContain(event.request);
          expect(state.request).toBe(before.request);
        }
      }),
    );
  });
});

function failedAt(request: number): ToolEvent {
  return { type: "failed", request, reason: "No." };
}
