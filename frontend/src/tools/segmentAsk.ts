import type { Corners } from "../geometry/box";
import type { Size } from "../geometry/vector";
import type { Prediction, Prompt } from "../model/prediction";
import { FIRST_STEP, type Keeping, latest, type SegmentState, type Step } from "./segmentState";
import { type Effect, type Stepped, stay, type ToolContext, type ToolEvent } from "./tool";

/** Milliseconds, and how often: a region takes a second or two where workers are free. */
const ASK_AGAIN_AFTER = 700;
const TRIES = 40;
/** A region that is larger than what is seen by more than this tells too little of it. */
const FAR_LARGER = 4;

type Result = Stepped<SegmentState>;

/** Adds a step to the trail and asks the model about it, close up where that tells more. */
export function ask(state: SegmentState, asked: Step, closeUp: Corners | null): Result {
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

export function question(state: SegmentState, step: Step): Result {
  const request = state.request + 1;
  return stay(
    { ...state, request, awaited: request, waiting: true, detail: null, problem: null },
    { type: "predict", request, prompt: promptOf(step, state.target !== null) },
  );
}

export function predicted(
  state: SegmentState,
  { request, prediction }: Extract<ToolEvent, { type: "predicted" }>,
  { image }: Pick<ToolContext, "image">,
): Result {
  const step = latest(state);
  const cut = step?.mask === null && isCut(prediction, image);
  // Too large for a closer look: the whole image tells where it ends. Until it does, what is known by then is shown.
  if (isCurrent(state, request)) {
    const known = answered(state, prediction);
    return step && cut ? question(known, { ...step, region: null }) : stay(known);
  }
  if (state.detail?.request !== request) return stay(state);
  const settled = { ...state, detail: null };
  return stay(prediction.candidates.length > 0 && !cut ? answered(settled, prediction) : settled);
}

/** The question of work that is kept as soon as it is answered, asked of the whole image instead of a part. */
export function askWhole(request: number, kept: Keeping): { kept: Keeping; effect: Effect } {
  const steps = kept.trail.slice(0, -1);
  const step = { ...(kept.trail.at(-1) ?? FIRST_STEP), region: null };
  const prompt = promptOf(step, kept.target !== null);
  return {
    kept: { ...kept, request, trail: [...steps, step] },
    effect: { type: "predict", request, prompt },
  };
}

/** Whether the preferred candidate reaches an edge of the region that is none of the image. */
export function isCut({ candidates, preferred, region }: Prediction, { width, height }: Size): boolean {
  const candidate = candidates[preferred];
  if (!candidate || !region) return false;
  const [x, y, w, h] = candidate.bbox;
  const [left, top, right, bottom] = region;
  const beside = (left > 0 && x <= left) || (right < width && x + w >= right);
  return beside || (top > 0 && y <= top) || (bottom < height && y + h >= bottom);
}

export function failed(
  state: SegmentState,
  { request, reason }: Extract<ToolEvent, { type: "failed" }>,
): SegmentState {
  if (isCurrent(state, request)) return { ...state, waiting: false, problem: reason };
  return state.detail?.request === request ? { ...state, detail: null } : state;
}

/** The whole image answers at once, and the region as soon as it is prepared, if nobody has gone on by then. */
export function notReady(state: SegmentState, request: number): Result {
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

/** The trail with the answer to its last step. */
export const withAnswer = (trail: readonly Step[], prediction: Prediction): readonly Step[] =>
  trail.map((step, i) =>
    i === trail.length - 1 ? { ...step, prediction, chosen: prediction.preferred } : step,
  );

function answered(state: SegmentState, prediction: Prediction): SegmentState {
  const problem = prediction.candidates.length ? null : "The model found nothing here. Try another point.";
  return { ...state, trail: withAnswer(state.trail, prediction), waiting: false, problem };
}

const isCurrent = (state: SegmentState, request: number) => state.waiting && state.awaited === request;
