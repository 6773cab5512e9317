import { type Corners, cornersBetween } from "../geometry/box";
import type { PromptPoint } from "../model/annotation";
import type { Candidate } from "../model/prediction";
import { latest, type SegmentState, shown } from "./segmentState";

/** Unfinished work as it is to be drawn; `pending` says that the model has yet to answer. */
export interface SegmentPreview {
  readonly points: readonly PromptPoint[];
  /** The one of them that was last touched. */
  readonly held: PromptPoint | null;
  readonly box: Corners | null;
  readonly candidate: Candidate | null;
  readonly pending: boolean;
}

export function previewSegment(state: SegmentState): SegmentPreview {
  const step = latest(state);
  const visible = shown(state);
  const points = pointsOf(state);
  return {
    points,
    held: points[state.press?.point ?? state.held ?? -1] ?? null,
    box: marqueeOf(state) ?? step?.box ?? null,
    candidate: visible?.prediction?.candidates[visible.chosen] ?? null,
    pending: state.waiting,
  };
}

const marqueeOf = ({ press }: SegmentState): Corners | null =>
  press?.dragged && press.point === null ? cornersBetween(press.from.at, press.to) : null;

/** The points of the prompt, one that is being dragged where it is dragged to. */
function pointsOf({ press, trail }: SegmentState): readonly PromptPoint[] {
  const points = trail.at(-1)?.points ?? [];
  const { point } = press ?? {};
  return press?.dragged && typeof point === "number"
    ? points.map((one, i) => (i === point ? { ...one, ...press.to } : one))
    : points;
}
