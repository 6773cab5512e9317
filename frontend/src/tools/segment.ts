import { type Corners, cornersBetween } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import { clampInto, distance, inside, type Size, type Vector } from "../geometry/vector";
import type { Change } from "../model/actions/changeAnnotations";
import { type Annotation, newAnnotation, type PromptPoint, pixelsOf } from "../model/annotation";
import { maskGeometry } from "../model/geometry";
import { theOnly } from "../model/lookup";
import { maskFrom, type Prediction, type Prompt } from "../model/prediction";
import { movePoint, pointAt, withoutPoint } from "./promptPoints";
import { type Pointer, type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

/**
 * One prompt on the way to a mask and what the model answered; `chosen` is the candidate people look at. With `mask`
 * the points from `settled` on change that mask, and the ones before have made it what it is.
 */
export interface Step {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  readonly mask: Rle | null;
  readonly settled: number;
  readonly logits: string | null;
  /** The part of the image that the model is to look at; null is the whole. */
  readonly region: Corners | null;
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
  /** The question whose answer is awaited. */
  readonly awaited: number;
  /** The question about the region of the last step, asked again until that is prepared. */
  readonly detail: Detail | null;
  readonly problem: string | null;
}

interface Detail {
  readonly request: number;
  readonly tries: number;
}

const DRAG_STARTS = 4;
const NOT_READY = "This image is still being prepared for clicking.";
/** Milliseconds, and how often: a region takes a second or two where workers are free. */
const ASK_AGAIN_AFTER = 700;
const TRIES = 40;
/** A region that is larger than what is seen by more than this tells too little of it. */
const FAR_LARGER = 4;
const FIRST_STEP: Step = {
  points: [],
  box: null,
  mask: null,
  settled: 0,
  logits: null,
  region: null,
  prediction: null,
  chosen: 0,
};

export const idleSegment: SegmentState = {
  trail: [],
  target: null,
  press: null,
  held: null,
  request: 0,
  waiting: false,
  awaited: 0,
  detail: null,
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
      return state.held === null ? stay(state) : removePoint(state, state.held, context);
    case "predicted":
      return stay(predicted(state, event));
    case "notReady":
      return notReady(state, event.request);
    case "failed":
      return stay(failed(state, event));
    default:
      return stay(state);
  }
}

export const latest = (state: SegmentState): Step | undefined => state.trail.at(-1);

/** The step whose candidates are on show: the last one that the model has answered. */
export const shown = (state: SegmentState): Step | undefined =>
  state.trail.findLast((step) => step.prediction);

/** What a first click would refine: the one mask or polygon that is selected. */
export function refinable({
  image,
  selected,
  locked,
}: Pick<ToolContext, "image" | "selected" | "locked">): Annotation | null {
  const annotation = theOnly(image, selected);
  const refines = annotation?.kind === "mask" || annotation?.kind === "polygon";
  return refines && !locked.has(annotation.id) ? annotation : null;
}

/** The request number goes on, so that no answer to what was given up is taken for a new one. */
export const idleAfter = (state: SegmentState): SegmentState => ({
  ...idleSegment,
  request: state.request + 1,
});

const isCurrent = (state: SegmentState, request: number) => state.waiting && state.awaited === request;

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
  if (press.dragged)
    return addBox(work, cornersBetween(clampInto(press.from.at, context.image), press.to), context);
  if (!inside(press.from.at, context.image)) return stay(free);
  return addPoint(work, { ...press.from.at, label: press.removes ? 0 : 1 }, context);
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

function ask(state: SegmentState, asked: Step, closeUp: Corners | null): Result {
  const step = { ...asked, region: regionFor(asked, latest(state)?.prediction?.region ?? null, closeUp) };
  return question({ ...state, trail: [...state.trail, step] }, step);
}

/** What the model looked at last is kept while it will do, so that masks do not change for the view's sake. */
function regionFor({ points, box }: Step, last: Corners | null, closeUp: Corners | null): Corners | null {
  const places = box ? [...points, { x: box[0], y: box[1] }, { x: box[2], y: box[3] }] : points;
  const holds =
    last && places.every(({ x, y }) => x >= last[0] && y >= last[1] && x <= last[2] && y <= last[3]);
  return holds && (!closeUp || longerSide(last) <= FAR_LARGER * longerSide(closeUp)) ? last : closeUp;
}

const longerSide = ([x0, y0, x1, y1]: Corners): number => Math.max(x1 - x0, y1 - y0);

function question(state: SegmentState, step: Step): Result {
  const request = state.request + 1;
  return stay(
    { ...state, request, awaited: request, waiting: true, detail: null, problem: null },
    { type: "predict", request, prompt: promptOf(step, state.target !== null) },
  );
}

function predicted(state: SegmentState, { request, prediction }: Extract<ToolEvent, { type: "predicted" }>) {
  if (isCurrent(state, request)) return answered(state, prediction);
  if (state.detail?.request !== request) return state;
  const settled = { ...state, detail: null };
  return prediction.candidates.length > 0 ? answered(settled, prediction) : settled;
}

function failed(
  state: SegmentState,
  { request, reason }: Extract<ToolEvent, { type: "failed" }>,
): SegmentState {
  if (isCurrent(state, request)) return { ...state, waiting: false, problem: reason };
  return state.detail?.request === request ? { ...state, detail: null } : state;
}

/** The whole image answers at once, and the region as soon as it is prepared, if nobody has gone on by then. */
function notReady(state: SegmentState, request: number): Result {
  const step = latest(state);
  if (!step) return stay(state);
  if (isCurrent(state, request)) {
    const { state: asked, effects } = question(state, { ...step, region: null });
    const again = askAgain(asked, step, 0);
    return stay(again.state, ...effects, ...again.effects);
  }
  if (state.detail?.request !== request) return stay(state);
  return state.detail.tries < TRIES
    ? askAgain(state, step, state.detail.tries)
    : stay({ ...state, detail: null });
}

function askAgain(state: SegmentState, step: Step, tries: number): Result {
  const request = state.request + 1;
  const prompt = promptOf(step, state.target !== null);
  const detail = { request, tries: tries + 1 };
  return stay({ ...state, request, detail }, { type: "predict", request, prompt, after: ASK_AGAIN_AFTER });
}

/**
 * Only a single point is ambiguous; everything more says which reading is meant. But a box that somebody stored was
 * drawn to say where an object is, not which part of it, so there people choose, and they choose what a click changes
 * of a mask.
 */
const promptOf = ({ points, settled, box, mask, logits, region }: Step, stored: boolean): Prompt => ({
  points: points.slice(settled),
  box,
  mask,
  logits,
  multimask:
    mask !== null || (logits === null && points.length === (box ? 0 : 1) && (box === null || stored)),
  ...(region && { region }),
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
  const chosen = choose(step.chosen, count);
  // Who has chosen one is not to find it replaced by another.
  return { ...state, detail: null, trail: [...state.trail.slice(0, -1), { ...step, chosen }] };
}

function back(state: SegmentState): Result {
  const trail = state.trail.slice(0, -1);
  const step = trail.at(-1);
  if (!step) return stay(idleAfter(state));
  const kept = { ...state, trail, held: null, detail: null, waiting: false, problem: null };
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

const recordOf = ({ points, settled, box, mask, logits }: Step) => ({
  points: points.slice(settled),
  box,
  mask: mask !== null || logits !== null,
});

const refine = ({ id, kind }: Annotation, mask: Change) =>
  ({
    type: "change",
    verb: kind === "box" ? "Make a mask of" : "Refine",
    changes: new Map([[id, mask]]),
  }) as const;
