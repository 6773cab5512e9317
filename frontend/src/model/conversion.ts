import { rasterise } from "../geometry/polygon";
import { iou as iouOf, pointCount, polygonOf } from "../geometry/simplify";
import { type Annotation, pixelsOf } from "./annotation";
import { polygonGeometry } from "./geometry";
import type { LabeledImage } from "./labeledImage";

/** A mask on its way to a polygon; `tolerance` is how far that may go from the mask's edge, in pixels. */
export interface Conversion {
  readonly id: string;
  readonly tolerance: number;
}

export const FIRST_TOLERANCE = 1;

/** What would become of it: the polygon, how many points that has, and its IoU with the mask. */
export interface ConversionDraft {
  readonly annotation: Annotation;
  readonly points: number;
  readonly iou: number;
}

let last: {
  before: Annotation;
  tolerance: number;
  image: LabeledImage;
  draft: ConversionDraft | null;
} | null = null;

/** Null when the annotation is no mask (any more), or nothing would be left of it. Remembers its last answer. */
export function draftOf({ id, tolerance }: Conversion, image: LabeledImage): ConversionDraft | null {
  const before = image.annotations.get(id);
  if (before?.kind !== "mask") return null;
  if (last?.before !== before || last.tolerance !== tolerance || last.image.id !== image.id)
    last = { before, tolerance, image, draft: converted(before, tolerance, image) };
  return last.draft;
}

function converted(before: Annotation, tolerance: number, image: LabeledImage): ConversionDraft | null {
  const mask = pixelsOf(before);
  const polygon = polygonOf(mask, tolerance);
  const iou = iouOf(rasterise(polygon, image), mask);
  if (iou === 0) return null;
  return { annotation: { ...before, ...polygonGeometry(polygon) }, points: pointCount(polygon), iou };
}
