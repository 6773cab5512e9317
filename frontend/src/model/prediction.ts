import type { Corners, Xywh } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import type { Annotation, Person, PromptPoint, PromptRecord } from "./annotation";

/** What is asked of the model; `logits` feeds an earlier candidate back. */
export interface Prompt {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  readonly logits: string | null;
  readonly multimask: boolean;
}

/** One reading of a prompt. Scores lie in [0, 1]; `logits` is opaque. */
export interface Candidate {
  readonly segmentation: Rle;
  readonly bbox: Xywh;
  readonly area: number;
  readonly score: number;
  readonly stability_score: number;
  readonly logits: string;
}

/** The readings of a prompt, best first, and the model that made them. */
export interface Prediction {
  readonly candidates: readonly Candidate[];
  readonly model: string;
}

interface Kept {
  readonly id: string;
  readonly class_id: string;
  readonly by: Person;
  readonly prompts: readonly PromptRecord[];
  readonly prediction: Prediction;
  readonly rank: number;
}

/** The annotation that keeping one candidate makes, or null if there is no candidate of that rank. */
export function annotationFrom({ id, class_id, by, prompts, prediction, rank }: Kept): Annotation | null {
  const candidate = prediction.candidates[rank];
  if (!candidate) return null;
  return {
    id,
    class_id,
    kind: "mask",
    segmentation: candidate.segmentation,
    polygon: null,
    bbox: candidate.bbox,
    area: candidate.area,
    attributes: {},
    z: 0,
    source: "sam",
    prompts,
    model: prediction.model,
    chosen_rank: rank,
    predicted_iou: candidate.score,
    stability_score: candidate.stability_score,
    version: 0,
    // Until the server has calibrated it, as it does itself: the smaller of the two scores.
    confidence: Math.min(candidate.score, candidate.stability_score),
    state: "draft",
    created_by: by,
    updated_by: by,
    review: null,
  };
}
