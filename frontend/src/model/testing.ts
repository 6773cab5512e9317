import type { Annotation } from "./annotation";
import { type LabeledImage, labeledImage } from "./labeledImage";

export const anna = { id: "anna", name: "Anna" };

/** An annotation for tests: a 2 × 2 mask at the origin of an 8 × 8 image, unless told otherwise. */
export const annotation = (fields: Partial<Annotation> = {}): Annotation => ({
  id: "a1",
  number: 0,
  class_id: "sheep",
  kind: "mask",
  segmentation: { size: [8, 8], counts: "0260`1" },
  polygon: null,
  bbox: [0, 0, 2, 2],
  area: 4,
  attributes: {},
  z: 0,
  source: "sam",
  prompts: [],
  model: "mobile_sam",
  chosen_rank: 0,
  predicted_iou: 0.9,
  stability_score: 0.95,
  version: 1,
  confidence: 0.9,
  state: "draft",
  created_by: anna,
  updated_by: anna,
  review: null,
  ...fields,
});

export const imageOf = (...annotations: Annotation[]): LabeledImage =>
  labeledImage({ id: "image", width: 8, height: 8 }, annotations);
