import { type Box, overlaps } from "../../geometry/box";
import { without } from "../../geometry/maskAlgebra";
import { type Annotation, boundsOf, pixelsOf } from "../annotation";
import { maskGeometry } from "../geometry";
import { type LabeledImage, patched } from "../labeledImage";
import type { Patch } from "../patch";

const touches = (box: Box, other: Annotation): boolean => {
  const bounds = boundsOf(other);
  return bounds !== null && overlaps(box, bounds);
};

/** A mask of which the others leave nothing stays as it was before; a new one is not made. */
function cut(annotation: Annotation, others: readonly Annotation[], before: LabeledImage): Annotation | null {
  const mask = pixelsOf(annotation);
  // Only the near ones are decoded: there can be thousands.
  const near = others.filter((other) => touches(mask, other));
  const rest = near.map(pixelsOf).reduce(without, mask);
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
  const there = masks.filter((annotation) => !isNew(annotation));
  const patch = new Map<string, Annotation | null>();
  for (const annotation of masks.filter(isNew)) {
    const rest = cut(annotation, there, before);
    if (rest !== annotation) patch.set(annotation.id, rest);
    if (rest) there.push(rest);
  }
  return patched(after, patch satisfies Patch);
}
