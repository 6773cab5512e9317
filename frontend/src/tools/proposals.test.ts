import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addAnnotations } from "../model/actions/addAnnotation";
import { maskGeometry } from "../model/geometry";
import type { Proposal } from "../model/proposal";
import { countByLevel, idleProposing, previewProposing, shownProposals, stepProposals } from "./proposals";
import { down, move, play, up, worldOf } from "./testing";
import type { Effect, ToolContext, ToolEvent } from "./tool";

const SIZE = { width: 100, height: 100 };

function square(x: number, y: number, side: number, { level = 0, score = 0.95 } = {}): Proposal {
  const data = new Uint8Array(side * side).fill(1);
  const { segmentation, bbox, area } = maskGeometry({ x, y, w: side, h: side, data }, SIZE);
  if (!segmentation || !bbox) throw new Error("A square has both.");
  return {
    segmentation,
    bbox,
    area,
    predicted_iou: score,
    stability_score: 0.97,
    point_coords: [[x, y]],
    level,
  };
}

const big = square(10, 10, 40);
const small = square(40, 40, 20);
const far = square(70, 10, 20);
const head = square(12, 12, 10, { level: 1 });
const doubtful = square(70, 70, 6, { score: 0.86 });
const ALL = [big, small, far, doubtful, head];

const world = (changed: Partial<ToolContext> = {}): ToolContext => ({
  ...worldOf([], SIZE),
  proposals: { kind: "ready", all: ALL, model: "mobile_sam@1" },
  ...changed,
});
const run = (events: ToolEvent[], context = world()) => play(stepProposals, idleProposing, events, context);
const accepted = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.type === "accept" ? [effect.annotations.map((one) => one.segmentation)] : [],
  );
const said = (effects: readonly Effect[]) =>
  effects.map((effect) => (effect.type === "say" ? effect.sentence : effect));
const masks = (...proposals: Proposal[]) => proposals.map(({ segmentation }) => segmentation);
const lit = (events: ToolEvent[], context = world()) =>
  previewProposing(run(events, context).state, context).lit;

describe("the proposals tool", () => {
  test("lights the smallest one of its level under the pointer, and nothing beside them", () => {
    expect(lit([move(20, 20)])).toEqual([big]);
    expect(lit([move(45, 45)])).toEqual([small]);
    expect(lit([move(45, 45), move(99, 99)])).toEqual([]);
    expect(lit([move(45, 45), { type: "leave" }])).toEqual([]);
    expect(lit([{ type: "filter", filter: { level: 1 } }, move(20, 20)])).toEqual([head]);
  });

  test("a click accepts it as the current class, selected", () => {
    const { effects, state } = run([down(45, 45), up(45, 45)]);
    expect(effects).toMatchObject([
      { type: "accept", annotations: [{ id: "new", class_id: "sheep", source: "proposal" }] },
      { type: "made", ids: ["new"] },
    ]);
    expect(accepted(effects)).toEqual([masks(small)]);
    expect(state.press).toBeNull();
    expect(run([down(45, 45, { removes: true }), up(45, 45)]).effects).toEqual([]);
  });

  test("a click or drag where there is none says so, and what helps", () => {
    const click = (x: number, y: number): ToolEvent[] => [down(x, y), up(x, y)];
    expect(said(run(click(99, 99)).effects)).toEqual([
      "There is no proposal here. Press S and click to make a mask.",
    ]);
    const parts: ToolEvent = { type: "filter", filter: { level: 1 } };
    expect(said(run([parts, ...click(45, 45)]).effects)).toEqual([
      "No proposal of this level is here. Press , for wholes.",
    ]);
    const subparts: ToolEvent = { type: "filter", filter: { level: 2 } };
    expect(said(run([subparts, ...click(12, 12)]).effects)[0]).toContain("Press , for wholes.");
    const sure: ToolEvent = { type: "filter", filter: { minimumScore: 0.9 } };
    expect(said(run([sure, ...click(72, 72)]).effects)).toEqual([
      "The proposal here is hidden by the sliders above.",
    ]);
    expect(said(run([down(1, 1), move(9, 9), up(9, 9)]).effects)).toEqual(["No proposal lies there."]);
    expect(said(run(click(45, 45), world({ proposals: { kind: "running" } })).effects)).toEqual([
      "This image has no proposals yet.",
    ]);
  });

  test("a drag accepts by one effect what lies in its frame but for an edge", () => {
    const drag = [down(35, 5), move(95, 60), up(95, 62)];
    expect(accepted(run(drag).effects)).toEqual([masks(small, far)]);
    expect(lit(drag.slice(0, 2))).toEqual([small, far]);
    expect(accepted(run([down(11, 11), up(95, 95)]).effects)).toEqual([masks(big, small, far, doubtful)]);
  });

  test("a Shift drag accepts what it touches, however fast it goes", () => {
    const drag = [down(20, 20, { shift: true }), up(80, 20)];
    expect(accepted(run(drag).effects)).toEqual([masks(big, far)]);
  });

  test("Tab goes through them, the surest first; Enter accepts and goes on to the next", () => {
    const tab: ToolEvent = { type: "next" };
    expect(lit([tab])).toEqual([big]);
    expect(lit([tab, tab, { type: "previous" }])).toEqual([big]);
    expect(lit([{ type: "previous" }])).toEqual([doubtful]);
    const { effects, state } = run([tab, { type: "commit" }]);
    expect(accepted(effects)).toEqual([masks(big)]);
    expect(state.lit).toBe(small);
    expect(run([{ type: "commit" }]).effects).toEqual([]);
  });

  test("Escape gives up the drag first, then what Tab has lit", () => {
    expect(run([down(5, 5), move(90, 90), { type: "cancel" }, up(90, 90)]).effects).toEqual([]);
    expect(lit([{ type: "next" }, { type: "cancel" }])).toEqual([]);
  });

  test("hides the small, the doubtful and the other levels, and counts what each level would show", () => {
    const { state } = run([{ type: "filter", filter: { minimumArea: 50, minimumScore: 0.9 } }]);
    expect(shownProposals(state.filter, world())).toEqual([big, small, far]);
    expect(countByLevel(state.filter, world())).toEqual([3, 1, 0]);
    expect(shownProposals(idleProposing.filter, world())).toBe(shownProposals(idleProposing.filter, world()));
  });

  test("without a class, or before proposals are there, nothing is accepted", () => {
    const click = [down(45, 45), up(45, 45)];
    expect(run(click, world({ classId: null })).effects).toMatchObject([{ type: "say" }]);
    for (const proposals of [null, { kind: "off" }, { kind: "running" }] as const)
      expect(
        accepted(run([...click, { type: "next" }, { type: "commit" }], world({ proposals })).effects),
      ).toEqual([]);
  });

  test("a drag ends when other proposals are shown", () => {
    const whole: ToolEvent = { type: "filter", filter: { level: 0 } };
    const part: ToolEvent = { type: "filter", filter: { level: 1 } };
    const painting = [down(2, 2, { shift: true }), move(98, 98)];
    expect(run([whole, ...painting, up(98, 98)], world()).effects).toMatchObject([
      { type: "accept" },
      { type: "made" },
    ]);
    expect(run([whole, ...painting, part, up(98, 98)], world()).effects).toEqual([]);
  });

  test("whatever is done, no proposal is accepted twice and none of another level", () => {
    const place = fc.integer({ min: 0, max: 99 });
    const events = fc.oneof(
      fc.tuple(place, place, fc.boolean()).map(([x, y, shift]) => down(x, y, { shift })),
      fc.tuple(place, place).map(([x, y]) => move(x, y)),
      fc.tuple(place, place).map(([x, y]) => up(x, y)),
      fc.constantFrom<ToolEvent>(
        { type: "next" },
        { type: "previous" },
        { type: "commit" },
        { type: "cancel" },
      ),
      fc
        .constantFrom(0 as const, 1 as const)
        .map((level): ToolEvent => ({ type: "filter", filter: { level } })),
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (gestures) => {
        let [context, state, ids] = [world(), idleProposing, 0];
        for (const event of gestures) {
          const stepped = stepProposals(state, event, { ...context, newId: () => `new-${++ids}` });
          for (const effect of stepped.effects) {
            if (effect.type !== "accept") continue;
            for (const { segmentation } of effect.annotations)
              expect(ALL.find((one) => one.segmentation === segmentation)?.level).toBe(state.filter.level);
            context = { ...context, image: addAnnotations(effect.annotations)(context.image) };
          }
          state = stepped.state;
        }
        const all = [...context.image.annotations.values()].map(({ segmentation }) => segmentation);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});
