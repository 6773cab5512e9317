import { type Box, boxContains, type Corners, fromXywh, type Xywh } from "../geometry/box";
import { EMPTY_MASK, type Mask } from "../geometry/mask";
import { type Polygon, polygonContains, rasterise } from "../geometry/polygon";
import { decodeRle, type Rle } from "../geometry/rle";
import { type Runs, runsContain, runsOf } from "../geometry/runs";
import type { Vector } from "../geometry/vector";
import type { Attribute } from "./attributes";

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface PromptPoint extends Vector {
  readonly label: 0 | 1;
}

/** A prompt as an annotation remembers it; `mask` tells whether an earlier mask was fed back. */
export interface PromptRecord {
  readonly points: readonly PromptPoint[];
  readonly box: Corners | null;
  readonly mask: boolean;
}

/** `by` is null where the project's policy accepted it, which is nobody's verdict. */
export interface Review {
  readonly verdict: "accepted" | "rejected" | "fixed" | "policy";
  readonly reason: string | null;
  readonly comment: string | null;
  readonly by: Person | null;
  readonly at: string;
  readonly version: number;
}

/** One labeled object, field for field as the server has it. `version` 0 = the server has not seen it yet. */
export interface Annotation {
  readonly id: string;
  /** The number shown after the class name, unique in its image and never reused. 0 for tags and before it is added. */
  readonly number: number;
  readonly class_id: string;
  readonly kind: "mask" | "polygon" | "box" | "tag";
  readonly segmentation: Rle | null;
  readonly polygon: Polygon | null;
  readonly bbox: Xywh | null;
  readonly area: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly z: number;
  readonly source: "sam" | "proposal" | "brush" | "polygon" | "box" | "import" | "tag";
  readonly prompts: readonly PromptRecord[];
  readonly model: string;
  readonly chosen_rank: number | null;
  readonly predicted_iou: number | null;
  readonly stability_score: number | null;
  readonly version: number;
  /** The probability that a reviewer accepts it; null while nothing is known. */
  readonly confidence: number | null;
  /** What speaks against it, in words, once a worker has looked. */
  readonly doubts?: readonly { readonly signal: string; readonly text: string; readonly weight: number }[];
  readonly state: "draft" | "submitted" | "accepted" | "rejected";
  readonly created_by: Person | null;
  readonly updated_by: Person | null;
  readonly review: Review | null;
  /** How its annotator answered the latest rejection, until it is judged again. */
  readonly resubmission?: "reworked" | "disputed" | null;
}

/** The fields that every way of making an annotation gives; the others are the same for all new ones. */
type Made = "id" | "class_id" | "kind" | "bbox" | "area" | "source";

/** An annotation that the server has not seen. Its place is on top, wherever that is when it is added. */
export const newAnnotation = (
  by: Person,
  made: Pick<Annotation, Made> & Partial<Annotation>,
): Annotation => ({
  number: 0,
  segmentation: null,
  polygon: null,
  attributes: {},
  z: 0,
  prompts: [],
  model: "",
  chosen_rank: null,
  predicted_iou: null,
  stability_score: null,
  version: 0,
  confidence: null,
  state: "draft",
  created_by: by,
  updated_by: by,
  review: null,
  ...made,
});

export interface LabelClass {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  /** What is asked of each of its objects. */
  readonly attributes: readonly Attribute[];
}

const decoded = new WeakMap<Rle, Mask>();

/** The mask behind an RLE, decoded once for as long as the RLE lives. */
export function maskOf(rle: Rle): Mask {
  const known = decoded.get(rle);
  if (known) return known;
  const mask = decodeRle(rle);
  decoded.set(rle, mask);
  return mask;
}

/** Tells what an RLE that was just encoded stands for, which saves decoding it again. */
export const rememberMask = (rle: Rle, mask: Mask): void => {
  decoded.set(rle, mask);
};

const parsed = new WeakMap<Rle, Runs>();

/** The runs behind an RLE, parsed once: enough to draw a mask and to point at it, at a fraction of its pixels' size. */
export function runsOfMask(rle: Rle): Runs {
  const known = parsed.get(rle);
  if (known) return known;
  const runs = runsOf(rle);
  parsed.set(rle, runs);
  return runs;
}

const rasterised = new WeakMap<Polygon, Mask>();

function rasterOf(polygon: Polygon): Mask {
  const known = rasterised.get(polygon);
  if (known) return known;
  // A polygon that hangs over the right or lower edge is cut when it is drawn, so any generous size will do.
  const mask = rasterise(polygon, { width: 1e5, height: 1e5 });
  rasterised.set(polygon, mask);
  return mask;
}

/** The pixels of an annotation, or the empty mask where it has none (a box, a tag). */
export function pixelsOf(annotation: Annotation): Mask {
  if (annotation.segmentation) return maskOf(annotation.segmentation);
  return annotation.polygon ? rasterOf(annotation.polygon) : EMPTY_MASK;
}

/** The pixels for a single look. They are not kept, since those of all objects would take much memory. */
export function pixelsOnce(annotation: Annotation): Mask {
  const { segmentation } = annotation;
  return segmentation ? (decoded.get(segmentation) ?? decodeRle(segmentation)) : pixelsOf(annotation);
}

/** The bounding box, or null for an image tag. */
export function boundsOf(annotation: Annotation): Box | null {
  if (annotation.kind === "tag") return null;
  if (annotation.bbox) return fromXywh(annotation.bbox);
  const mask = pixelsOf(annotation);
  return mask.w > 0 ? mask : null;
}

/** Whether an image point lies on the annotation. The box is asked first: of thousands only few remain. */
export function hits(annotation: Annotation, p: Vector): boolean {
  const box = boundsOf(annotation);
  if (!box || !boxContains(box, p)) return false;
  if (annotation.segmentation) return runsContain(runsOfMask(annotation.segmentation), p);
  return annotation.polygon ? polygonContains(annotation.polygon, p) : true;
}
