import { type Box, intersection, overlaps } from "../../geometry/box";
import { maskArea } from "../../geometry/mask";
import { iou } from "../../geometry/simplify";
import { deleteAnnotations } from "../actions/deleteAnnotations";
import { type Annotation, boundsOf, pixelsOf } from "../annotation";
import { nameOf, objectsOf } from "../lookup";
import type { Check } from "./finding";

/** From this agreement on two objects of one class are rather one, labeled twice. */
const SAME = 0.8;

const area = ({ w, h }: Box) => w * h;

/** Agreement of the boxes: what cannot agree is never decoded, and there can be thousands. */
function boxIou(a: Box, b: Box): number {
  const both = area(intersection(a, b));
  return both / (area(a) + area(b) - both);
}

function agreement(a: Annotation, b: Annotation): number {
  const [boxA, boxB] = [boundsOf(a), boundsOf(b)];
  if (!boxA || !boxB || !overlaps(boxA, boxB)) return 0;
  const byBox = boxIou(boxA, boxB);
  if (a.kind === "box" || b.kind === "box" || byBox < SAME / 2) return a.kind === b.kind ? byBox : 0;
  const [pixelsA, pixelsB] = [pixelsOf(a), pixelsOf(b)];
  const [small, large] = [maskArea(pixelsA), maskArea(pixelsB)].sort((x, y) => x - y);
  return (small ?? 0) < SAME * (large ?? 0) ? 0 : iou(pixelsA, pixelsB);
}

/** Another object of the class at almost the same place. */
export const duplicate: Check = (annotation, { image, classes }) => {
  const others = objectsOf(image).filter(
    ({ id, class_id }) => id !== annotation.id && class_id === annotation.class_id,
  );
  const twin = others.find((other) => agreement(annotation, other) >= SAME);
  if (!twin) return null;
  return {
    check: "duplicate",
    sentence: `Almost the same as ${nameOf(image, classes, twin.id)}`,
    at: boundsOf(twin),
    fix: { deed: "deletion of duplicate", name: "Delete this one", action: deleteAnnotations(annotation.id) },
  };
};
