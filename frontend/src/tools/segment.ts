import { type Corners, cornersBetween } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import { clampInto, distance, inside, type Vector } from "../geometry/vector";
import type { Change } from "../model/actions/changeAnnotations";
import { type Annotation, newAnnotation, type PromptPoint } from "../model/annotation";
import { theOnly } from "../model/lookup";
import { maskFrom, type Prediction, type Prompt } from "../model/prediction";
import { movePoint, pointAt, withoutPoint } from "./promptPoints";
import { type Pointer, type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

/**
 * One prompt on the way to a mask and what the model answered; `chosen` is the candidate people look at. `mask` is
 * what was there before, for as long as no candidate has taken its place.
 */
export interface Step {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  readonly mask: Rle | null;
  readonly logits: string | null;
  readonly prediction: Prediction | null;
  readonly chosen: number;
}

interface Press {
  readonly from: Pointer;
  readonly to: Vector;
  readonly removes: boolean;
  /** Which point of the prompt lies there, if one does. */
  readonly point: number | null;
  readonly dragged: boolean;
}

/**
 * SAM by points and boxes. `trail` is the work so far, empty when idle; `request` numbers the last question to
 * the model, so that a late answer to an earlier one can be told and dropped. `target` is the annotation that is
 * refined; null makes a new one. `held` is the point of the prompt that was last touched.
 */
export interface SegmentState {
  readonly trail: readonly Step[];
  readonly target: string | null;
  readonly press: Press | null;
  readonly held: number | null;
  readonly request: number;
  readonly waiting: boolean;
  readonly problem: string | null;
}

const DRAG_STARTS = 4;
const NOT_READY = "This image is still being prepared for clicking.";
const FIRST_STEP: Step = { points: [], box: null, mask: null, logits: null, prediction: null, chosen: 0 };

export const idleSegment: SegmentState = {
  trail: [],
  target: null,
  press: null,
  held: null,
  request: 0,
  waiting: false,
  problem: null,
};

type Result = Stepped<SegmentState>;

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
      return stay(state.press ? { ...state, press: null } : idleAfter(state));
    case "back":
      return back(state);
    case "deletePoint":
      return state.held === null ? stay(state) : removePoint(state, state.held);
    case "predicted":
      return stay(isCurrent(state, event.request) ? answered(state, event.prediction) : state);
    case "failed":
      return stay(
        isCurrent(state, event.request) ? { ...state, waiting: false, problem: event.reason } : state,
      );
    default:
      return stay(state);
  }
}

export const latest = (state: SegmentState): Step | undefined => state.trail.at(-1);

/** The step whose candidates are on show: the last one that the model has answered. */
export const shown = (state: SegmentState): Step | undefined =>
  state.trail.findLast((step) => step.prediction);

/** What a first click would refine: the one mask that is selected. */
export function refinable({
  image,
  selected,
  locked,
}: Pick<ToolContext, "image" | "selected" | "locked">): Annotation | null {
  const annotation = theOnly(image, selected);
  return annotation?.kind === "mask" && !locked.has(annotation.id) ? annotation : null;
}

/** The request number goes on, so that no answer to what was given up is taken for a new one. */
export const idleAfter = (state: SegmentState): SegmentState => ({
  ...idleSegment,
  request: state.request + 1,
});

const isCurrent = (state: SegmentState, request: number) => state.waiting && state.request === request;

function pressed(
  state: SegmentState,
  { pointer: from, removes }: Extract<ToolEvent, { type: "down" }>,
  { scale }: ToolContext,
): SegmentState {
  const point = pointAt(latest(state)?.points ?? [], from.at, scale);
  return { ...state, held: null, press: { from, to: from.at, removes, point, dragged: false } };
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
  const work = latest(free) ? free : { ...free, target: refinable(context)?.id ?? null };
  if (press.dragged) return addBox(work, cornersBetween(clampInto(press.from.at, context.image), press.to));
  if (!inside(press.from.at, context.image)) return stay(free);
  return addPoint(work, { ...press.from.at, label: press.removes ? 0 : 1 }, context);
}

function addPoint(state: SegmentState, point: PromptPoint, { image }: ToolContext): Result {
  const step = latest(state);
  const mask = step ? step.mask : (image.annotations.get(state.target ?? "")?.segmentation ?? null);
  if (!step && !mask && point.label === 0) return stay(state, say("Begin with a left click on the object."));
  const points = [...(step?.points ?? []), point];
  // The mask so far goes back in: it takes far fewer clicks than starting from the points alone.
  const logits = step?.prediction?.candidates[step.chosen]?.logits ?? step?.logits ?? null;
  const box = step?.box ?? null;
  return ask(state, { points, box, mask: logits ? null : mask, logits, prediction: null, chosen: 0 });
}

/** A point of the prompt is dragged elsewhere, taken away by a right or Alt click, or held by a plain one. */
function touchPoint(
  state: SegmentState,
  { removes, dragged, to }: Press,
  point: number,
  { image }: ToolContext,
) {
  if (removes) return removePoint(state, point);
  const held = { ...state, held: point };
  if (dragged) return askAnew(held, movePoint(latest(state)?.points ?? [], point, to, image));
  const step = latest(state);
  // Who clicks again where the model did not answer wants it asked again.
  return state.problem !== null && step ? question(held, step) : stay(held);
}

function removePoint(state: SegmentState, point: number): Result {
  const rest = withoutPoint(latest(state)?.points ?? [], point);
  const free = { ...state, held: null };
  const startsWith = state.trail[0]?.mask ?? latest(state)?.box ?? null;
  if (startsWith || rest.some(({ label }) => label === 1)) return askAnew(free, rest);
  if (rest.length === 0) return stay(idleAfter(state));
  return stay(state, say("The prompt needs a point on the object. Esc clears it."));
}

/** Other points than before: the mask that those led to would mislead, the one that was there at first does not. */
function askAnew(state: SegmentState, points: readonly PromptPoint[]): Result {
  const mask = state.trail[0]?.mask ?? null;
  const box = latest(state)?.box ?? null;
  if (points.length === 0 && !box) return stay(idleAfter(state));
  return ask(state, { ...FIRST_STEP, points, box, mask });
}

/** A new box says anew how far the object reaches, so the mask so far would only mislead. */
function addBox(state: SegmentState, box: Corners): Result {
  if (box[0] === box[2] || box[1] === box[3]) return stay(state);
  const points = latest(state)?.points ?? [];
  return ask(state, { points, box, mask: null, logits: null, prediction: null, chosen: 0 });
}

/** A stored box as the prompt: the candidate that is kept takes its place. */
function fromBox(state: SegmentState, id: string, { image, ready }: ToolContext): Result {
  const annotation = image.annotations.get(id);
  if (!ready) return stay(state, say(NOT_READY));
  if (annotation?.kind !== "box" || !annotation.bbox) return stay(state);
  const [x, y, w, h] = annotation.bbox;
  const box = [x, y, x + w, y + h] as const;
  return ask({ ...idleAfter(state), target: id }, { ...FIRST_STEP, box });
}

const ask = (state: SegmentState, step: Step): Result =>
  question({ ...state, trail: [...state.trail, step] }, step);

function question(state: SegmentState, step: Step): Result {
  const request = state.request + 1;
  return stay(
    { ...state, request, waiting: true, problem: null },
    { type: "predict", request, prompt: promptOf(step, state.target !== null) },
  );
}

/**
 * Only a single point is ambiguous; everything more says which reading is meant. But a box that somebody stored was
 * drawn to say where an object is, not which part of it, so there people choose.
 */
const promptOf = ({ points, box, mask, logits }: Step, stored: boolean): Prompt => ({
  points,
  box,
  mask,
  logits,
  multimask: mask === null && logits === null && points.length === (box ? 0 : 1) && (box === null || stored),
});

function answered(state: SegmentState, prediction: Prediction): SegmentState {
  const step = latest(state);
  if (!step) return state;
  const problem = prediction.candidates.length ? null : "The model found nothing here. Try another point.";
  return { ...state, trail: [...state.trail.slice(0, -1), { ...step, prediction }], waiting: false, problem };
}

function withChosen(state: SegmentState, choose: (rank: number, count: number) => number): SegmentState {
  const step = latest(state);
  const count = step?.prediction?.candidates.length ?? 0;
  if (!step || count === 0) return state;
  return { ...state, trail: [...state.trail.slice(0, -1), { ...step, chosen: choose(step.chosen, count) }] };
}

function back(state: SegmentState): Result {
  const trail = state.trail.slice(0, -1);
  const step = trail.at(-1);
  if (!step) return stay(idleAfter(state));
  const kept = { ...state, trail, held: null, request: state.request + 1, waiting: false, problem: null };
  return step.prediction ? stay(kept) : question(kept, step);
}

function commit(state: SegmentState, context: ToolContext): Result {
  const step = latest(state);
  if (!step?.prediction || state.waiting) return stay(state);
  const target = context.image.annotations.get(state.target ?? "");
  const prompts = [...(target?.prompts ?? []), ...state.trail.map(recordOf)];
  const mask = maskFrom({ prompts, prediction: step.prediction, rank: step.chosen });
  if (!mask) return stay(state);
  // Whoever goes on clicking after that means the next object, so the refined one is let go.
  if (target) return stay(idleAfter(state), refine(target, mask), { type: "select", ids: [] });
  const { classId, me, newId } = context;
  if (!classId) return stay(state, say("Choose a class first; a manager adds classes in the project."));
  const annotation = newAnnotation(me, { id: newId(), class_id: classId, ...mask });
  return stay(idleAfter(state), { type: "add", annotation });
}

const recordOf = ({ points, box, mask, logits }: Step) => ({
  points,
  box,
  mask: mask !== null || logits !== null,
});

const refine = ({ id, kind }: Annotation, mask: Change) =>
  ({
    type: "change",
    verb: kind === "mask" ? "Refine" : "Make a mask of",
    changes: new Map([[id, mask]]),
  }) as const;
