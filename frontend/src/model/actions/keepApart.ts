import { overlaps } from "../../geometry/box";
import type { Mask } from "../../geometry/mask";
import { without } from "../../geometry/maskAlgebra";
import { type Annotation, pixelsOf } from "../annotation";
import { maskGeometry } from "../geometry";
import { type LabeledImage, patched } from "../labeledImage";
import type { Patch } from "../patch";

const cutBy = (mask: Mask, others: readonly Mask[]): Mask =>
  others.filter((other) => overlaps(mask, other)).reduce(without, mask);

/** A mask of which the others leave nothing stays as it was before; a new one is not made. */
function cut(annotation: Annotation, others: readonly Mask[], before: LabeledImage): Annotation | null {
  const mask = pixelsOf(annotation);
  const rest = cutBy(mask, others);
  if (rest === mask) return annotation;
  if (rest.w === 0) return before.annotations.get(annotation.id) ?? null;
  return { ...annotation, ...maskGeometry(rest, before) };
}

/**
 * An edit in a project whose masks do not overlap: those with new pixels lose what the others have. `after` is what
 * the edit made of `before`.
 */
export function keepApart(before: LabeledImage, after: LabeledImage): LabeledImage {
  const masks = [...after.annotations.values()].filter(({ kind }) => kind === "mask");
  const isNew = ({ id, segmentation }: Annotation) =>
    before.annotations.get(id)?.segmentation !== segmentation;
  const there = masks.filter((annotation) => !isNew(annotation)).map(pixelsOf);
  const patch = new Map<string, Annotation | null>();
  for (const annotation of masks.filter(isNew)) {
    const rest = cut(annotation, there, before);
    if (rest !== annotation) patch.set(annotation.id, rest);
    if (rest) there.push(pixelsOf(rest));
  }
  return patched(after, patch satisfies Patch);
}
