import { crossingOf } from "../../geometry/crossing";
import { polygonOf } from "../../geometry/simplify";
import { changeAnnotation } from "../actions/changeAnnotations";
import { type Annotation, pixelsOf } from "../annotation";
import { polygonGeometry } from "../geometry";
import type { LabeledImage } from "../labeledImage";
import type { Check } from "./finding";

/** A polygon whose edge crosses itself: what is inside of it is not what people see. */
export const crossing: Check = (annotation) => {
  const at = annotation.polygon && crossingOf(annotation.polygon);
  if (!at) return null;
  return {
    check: "crossing",
    sentence: "The polygon's edge crosses or touches itself",
    at: { x: at.x - 4, y: at.y - 4, w: 8, h: 8 },
    fix: { deed: "new tracing of", name: "Trace anew", action: tracedAnew(annotation) },
  };
};

/** The outline of the pixels that it has now, simplified as far as that crosses nothing. */
const tracedAnew = (annotation: Annotation) => (image: LabeledImage) => {
  const pixels = pixelsOf(annotation);
  const traced = [1, 0.5, 0].map((tolerance) => polygonOf(pixels, tolerance));
  const clean = traced.find((polygon) => crossingOf(polygon) === null) ?? traced.at(-1);
  return clean && clean.length > 0 ? changeAnnotation(annotation.id, polygonGeometry(clean))(image) : image;
};
