import type { Corners, Xywh } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import type { Annotation, PromptPoint, PromptRecord } from "./annotation";

/** The server refuses more. */
const PROMPTS_KEPT = 200;

/** What is asked of the model; `logits` feeds an earlier candidate back, `mask` any mask of the image's size. */
export interface Prompt {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  readonly mask: Rle | null;
  readonly logits: string | null;
  readonly multimask: boolean;
  /** The part of the image to look at, where that tells more than the whole. */
  readonly region?: Corners;
}

/** One reading of a prompt. `score` is SAM's predicted IoU. Scores lie in [0, 1]; `logits` is opaque. */
export interface Candidate {
  readonly segmentation: Rle;
  readonly bbox: Xywh;
  readonly area: number;
  readonly score: number;
  readonly stability_score: number;
  readonly logits: string;
}

/** The readings of a prompt by score, the model that made them, and the part of the image that it looked at. */
export interface Prediction {
  readonly candidates: readonly Candidate[];
  /** The index of the candidate to preselect. */
  readonly preferred: number;
  readonly model: string;
  readonly region?: Corners | null;
}

interface Kept {
  readonly prompts: readonly PromptRecord[];
  readonly prediction: Prediction;
  /** The index of the candidate that is kept. */
  readonly rank: number;
}

/** What keeping one candidate makes of an annotation, or null if there is no candidate of that rank. */
export function maskFrom({ prompts, prediction, rank }: Kept) {
  const candidate = prediction.candidates[rank];
  if (!candidate) return null;
  return {
    kind: "mask",
    segmentation: candidate.segmentation,
    polygon: null,
    bbox: candidate.bbox,
    area: candidate.area,
    source: "sam",
    prompts: prompts.slice(-PROMPTS_KEPT),
    model: prediction.model,
    chosen_rank: rank,
    predicted_iou: candidate.score,
    stability_score: candidate.stability_score,
    // Until the server has calibrated it, as it does itself: the smaller of the two scores.
    confidence: Math.min(candidate.score, candidate.stability_score),
  } as const satisfies Partial<Annotation>;
}
