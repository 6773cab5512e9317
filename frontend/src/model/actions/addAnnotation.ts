import type { Annotation } from "../annotation";
import { type LabeledImage, patched } from "../labeledImage";
import { nextZ } from "../lookup";

/** Puts a new annotation on top of the others. */
export const addAnnotation =
  (annotation: Annotation) =>
  (image: LabeledImage): LabeledImage =>
    patched(image, new Map([[annotation.id, { ...annotation, z: nextZ(image) }]]));
