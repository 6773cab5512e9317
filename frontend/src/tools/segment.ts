import { type Corners, cornersBetween } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import { clampInto, distance, inside, type Size } from "../geometry/vector";
import { type Annotation, type PromptPoint, pixelsOf } from "../model/annotation";
import { maskGeometry } from "../model/geometry";
import { movePoint, pointAt, withoutPoint } from "./promptPoints";
import { boxTarget, clickTarget } from "./refinable";
import { ask, failed, notReady, predicted, question } from "./segmentAsk";
import { commit, keepAnswered, keepFailed, keepWhole, keptBy, takeBackKept } from "./segmentKeep";
import { FIRST_STEP, idleAfter, latest, type Press, type SegmentState } from "./segmentState";
import { type Pointer, type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

const DRAG_STARTS = 4;
const NOT_READY = "This image is still being prepared for clicking.";
type Result = Stepped<SegmentState>;
type Told = Extract<ToolEvent, { type: "predicted" | "notReady" | "failed" }>;

export function stepSegment(state: SegmentState, event: ToolEvent, context: ToolContext): Result {
  switch (event.type) {
    case "down":
      return stay(pressed(state, event, context));
    case "move":
      return stay({ ...state, press: state.press && draggedTo(state.press, event.pointer, context) });
    case "up":
      return state.press
        ? release(state, draggedTo(state.press, event.pointer, context), context)
        : stay(state);
    case "next":
      return stay(withChosen(state, (rank, count) => (rank + 1) % count));
    case "previous":
      return stay(withChosen(state, (rank, count) => (rank + count - 1) % count));
    case "choose":
      return stay(withChosen(state, (rank, count) => (event.rank < count ? event.rank : rank)));
    case "commit":
      return commit(state, context);
    case "fromBox":
      return fromBox(state, event.id, context);
    case "cancel":
      return stay(cancelled(state));
    case "back":
      return back(state);
    case "deletePoint":
      return state.held === null ? stay(state) : removePoint(state, state.held, context);
    case "predicted":
    case "notReady":
    case "failed":
      return told(state, event, context);
    default:
      return stay(state);
  }
}

/** Handle the model's answer to the current prompt, or to one that Enter has already ended. */
function told(state: SegmentState, event: Told, context: ToolContext): Result {
  const kept = keptBy(state, event.request);
  switch (event.type) {
    case "predicted":
      return kept ? keepAnswered(state, kept, event.prediction, context) : predicted(state, event, context);
    case "notReady":
      return kept ? keepWhole(state, kept) : notReady(state, event.request);
    case "failed":
      return kept ? keepFailed(state, kept, event.reason) : stay(failed(state, event));
  }
}

/** One level at a time: the drag, then the points, then what is said of an object that was not kept. */
function cancelled(state: SegmentState): SegmentState {
  if (state.press) return { ...state, press: null };
  return state.trail.length > 0 ? idleAfter(state) : { ...idleAfter(state), lost: null };
}

function pressed(
  state: SegmentState,
  { pointer: from, removes, shift }: Extract<ToolEvent, { type: "down" }>,
  { scale }: ToolContext,
): SegmentState {
  const point = pointAt(latest(state)?.points ?? [], from.at, scale);
  return { ...state, held: null, press: { from, to: from.at, removes, shift, point, dragged: false } };
}

const draggedTo = (press: Press, pointer: Pointer, { image }: ToolContext): Press => ({
  ...press,
  from: { ...press.from, at: press.dragged ? clampInto(press.from.at, image) : press.from.at },
  to: clampInto(pointer.at, image),
  dragged: press.dragged || (!press.removes && distance(press.from.screen, pointer.screen) >= DRAG_STARTS),
});

function release(state: SegmentState, press: Press, context: ToolContext): Result {
  const free = { ...state, press: null };
  if (!context.ready) return stay(free, say(NOT_READY));
  if (press.point !== null) return touchPoint(free, press, press.point, context);
  const begin = (target: Annotation | null) =>
    latest(free) ? free : { ...free, target: target?.id ?? null };
  if (press.dragged) {
    const box = cornersBetween(clampInto(press.from.at, context.image), press.to);
    return addBox(begin(boxTarget(box, press, context)), box, context);
  }
  const { at } = press.from;
  if (!inside(at, context.image)) return stay(free);
  return addPoint(begin(clickTarget(at, press, context)), { ...at, label: press.removes ? 0 : 1 }, context);
}

function addPoint(state: SegmentState, point: PromptPoint, { image, closeUp }: ToolContext): Result {
  const step = latest(state);
  const mask = step ? step.mask : maskPrompt(image.annotations.get(state.target ?? ""), image);
  if (!step && !mask && point.label === 0) return stay(state, say("Begin with a left click on the object."));
  const points = [...(step?.points ?? []), point];
  const candidate = step?.prediction?.candidates[step.chosen];
  if (mask) {
    const settled = candidate ? points.length - 1 : (step?.settled ?? 0);
    return ask(state, { ...FIRST_STEP, points, mask: candidate?.segmentation ?? mask, settled }, closeUp);
  }
  // The mask so far goes back in: it takes far fewer clicks than starting from the points alone.
  const logits = candidate?.logits ?? step?.logits ?? null;
  return ask(state, { ...FIRST_STEP, points, box: step?.box ?? null, logits }, closeUp);
}

/** What was drawn as a polygon goes to the model as the mask that it stands for. */
const maskPrompt = (annotation: Annotation | undefined, image: Size): Rle | null =>
  annotation?.segmentation ??
  (annotation?.polygon ? maskGeometry(pixelsOf(annotation), image).segmentation : null);

/** A point of the prompt is dragged elsewhere, taken away by a right or Alt click, or held by a plain one. */
function touchPoint(
  state: SegmentState,
  { removes, dragged, to }: Press,
  point: number,
  context: ToolContext,
) {
  if (removes) return removePoint(state, point, context);
  const held = { ...state, held: point };
  if (dragged)
    return askAnew(held, movePoint(latest(state)?.points ?? [], point, to, context.image), context);
  const step = latest(state);
  // Who clicks again where the model did not answer wants it asked again.
  return state.problem !== null && step ? question(held, step) : stay(held);
}

function removePoint(state: SegmentState, point: number, context: ToolContext): Result {
  const rest = withoutPoint(latest(state)?.points ?? [], point);
  const free = { ...state, held: null };
  const startsWith = state.trail[0]?.mask ?? latest(state)?.box ?? null;
  if (startsWith || rest.some(({ label }) => label === 1)) return askAnew(free, rest, context);
  if (rest.length === 0) return stay(idleAfter(state));
  return stay(state, say("The prompt needs a point on the object. Esc clears it."));
}

/** Other points than before: the mask that those led to would mislead, the one that was there at first does not. */
function askAnew(state: SegmentState, points: readonly PromptPoint[], { closeUp }: ToolContext): Result {
  const mask = state.trail[0]?.mask ?? null;
  const box = latest(state)?.box ?? null;
  if (points.length === 0 && !box) return stay(idleAfter(state));
  return ask(state, { ...FIRST_STEP, points, box, mask }, closeUp);
}

/** A new box says anew how far the object reaches, so the mask so far would only mislead. */
function addBox(state: SegmentState, box: Corners, { closeUp }: ToolContext): Result {
  if (box[0] === box[2] || box[1] === box[3]) return stay(state);
  const points = latest(state)?.points ?? [];
  return ask(state, { ...FIRST_STEP, points, box }, closeUp);
}

/** A stored box as the prompt: the candidate that is kept takes its place. */
function fromBox(state: SegmentState, id: string, { image, ready, closeUp }: ToolContext): Result {
  const annotation = image.annotations.get(id);
  if (!ready) return stay(state, say(NOT_READY));
  if (annotation?.kind !== "box" || !annotation.bbox) return stay(state);
  const [x, y, w, h] = annotation.bbox;
  const box = [x, y, x + w, y + h] as const;
  return ask({ ...idleAfter(state), target: id }, { ...FIRST_STEP, box }, closeUp);
}

function withChosen(state: SegmentState, choose: (rank: number, count: number) => number): SegmentState {
  const step = latest(state);
  const count = step?.prediction?.candidates.length ?? 0;
  if (!step || count === 0) return state;
  const chosen = choose(step.chosen, count);
  // Who has chosen one is not to find it replaced by another.
  return { ...state, detail: null, trail: [...state.trail.slice(0, -1), { ...step, chosen }] };
}

function back(state: SegmentState): Result {
  if (state.trail.length === 0) return stay(takeBackKept(state));
  const trail = state.trail.slice(0, -1);
  const step = trail.at(-1);
  if (!step) return stay(idleAfter(state));
  const kept = { ...state, trail, held: null, detail: null, waiting: false, problem: null };
  return step.prediction ? stay(kept) : question(kept, step);
}
