import { type Box, intersection, overlaps } from "../../geometry/box";
import { maskArea } from "../../geometry/mask";
import { iou } from "../../geometry/simplify";
import { deleteAnnotations } from "../actions/deleteAnnotations";
import { type Annotation, boundsOf, pixelsOf } from "../annotation";
import type { LabeledImage } from "../labeledImage";
import { nameOf, objectsOf } from "../lookup";
import type { Check } from "./finding";

/** From this agreement on two objects of one class are rather one, labeled twice. */
const SAME = 0.8;
/** Boxes of such objects agree by this much at least. */
const SAME_BOX = SAME / 2;

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
  if (a.kind === "box" || b.kind === "box" || byBox < SAME_BOX) return a.kind === b.kind ? byBox : 0;
  const [pixelsA, pixelsB] = [pixelsOf(a), pixelsOf(b)];
  const [small, large] = [maskArea(pixelsA), maskArea(pixelsB)].sort((x, y) => x - y);
  return (small ?? 0) < SAME * (large ?? 0) ? 0 : iou(pixelsA, pixelsB);
}

interface Placed {
  readonly annotation: Annotation;
  readonly x: number;
}

const placed = new WeakMap<LabeledImage, ReadonlyMap<string, readonly Placed[]>>();

/** The objects of each class from left to right. Sorted once for each image, as all of its objects may be checked. */
function placedByClass(image: LabeledImage): ReadonlyMap<string, readonly Placed[]> {
  const known = placed.get(image);
  if (known) return known;
  const byClass = new Map<string, Placed[]>();
  for (const annotation of objectsOf(image)) {
    const one = { annotation, x: boundsOf(annotation)?.x ?? 0 };
    const all = byClass.get(annotation.class_id);
    if (all) all.push(one);
    else byClass.set(annotation.class_id, [one]);
  }
  for (const all of byClass.values()) all.sort((a, b) => a.x - b.x);
  placed.set(image, byClass);
  return byClass;
}

/** The index of the first that lies at `x` or further to the right. */
function firstFrom(all: readonly Placed[], x: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.x ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Boxes that agree so far differ in width by no more than that either, so a twin begins near its object. */
function twinOf(annotation: Annotation, image: LabeledImage): Annotation | undefined {
  const box = boundsOf(annotation);
  const all = placedByClass(image).get(annotation.class_id) ?? [];
  if (!box) return undefined;
  for (let i = firstFrom(all, box.x - box.w / SAME_BOX); i < all.length; i++) {
    const other = all[i];
    if (!other || other.x > box.x + box.w) return undefined;
    const isOther = other.annotation.id !== annotation.id;
    if (isOther && agreement(annotation, other.annotation) >= SAME) return other.annotation;
  }
  return undefined;
}

/** Another object of the class at almost the same place. */
export const duplicate: Check = (annotation, { image, classes }) => {
  const twin = twinOf(annotation, image);
  if (!twin) return null;
  return {
    check: "duplicate",
    sentence: `Almost the same as ${nameOf(image, classes, twin.id)}`,
    at: boundsOf(twin),
    fix: { deed: "deletion of duplicate", name: "Delete this one", action: deleteAnnotations(annotation.id) },
  };
};
