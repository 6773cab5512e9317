import type { Corners } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import type { Vector } from "../geometry/vector";
import type { PromptPoint } from "../model/annotation";
import type { Prediction } from "../model/prediction";
import type { Pointer } from "./tool";

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

export interface Press {
  readonly from: Pointer;
  readonly to: Vector;
  readonly removes: boolean;
  readonly shift: boolean;
  /** Which point of the prompt lies there, if one does. */
  readonly point: number | null;
  readonly dragged: boolean;
}

/**
 * SAM by points and boxes. `trail` is the work so far, empty when idle; `request` numbers the last question to
 * the model, so that a late answer to an earlier one can be told and dropped. `target` is the annotation that is
 * refined; null makes a new one. `held` is the point of the prompt that was last touched. `keeping` is what Enter has
 * ended before the model answered, the oldest first, and `lost` says why one of that could not be kept.
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
  readonly keeping: readonly Keeping[];
  readonly lost: string | null;
}

/** Work that is kept as soon as the question of this number is answered, as what was chosen when Enter was pressed. */
export interface Keeping extends Pick<SegmentState, "trail" | "target" | "request"> {
  readonly classId: string | null;
}

/** How often it has been asked so far. */
interface Detail {
  readonly request: number;
  readonly tries: number;
}

export const FIRST_STEP: Step = {
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
  keeping: [],
  lost: null,
};

/** Whether nothing is under way: neither a prompt nor a press. */
export const isFree = ({ trail, press }: SegmentState): boolean => trail.length === 0 && press === null;

export const latest = (state: SegmentState): Step | undefined => state.trail.at(-1);

/** The step whose candidates are on show: the last one that the model has answered. */
export const shown = (state: SegmentState): Step | undefined =>
  state.trail.findLast((step) => step.prediction);

/** The request number goes on, so that no answer to what was given up is taken for a new one. */
export const idleAfter = (state: SegmentState): SegmentState => ({
  ...idleSegment,
  request: state.request + 1,
  keeping: state.keeping,
  lost: state.lost,
});
