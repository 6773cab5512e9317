import type { Annotation } from "../annotation";
import { type LabeledImage, patched } from "../labeledImage";
import { nextZ } from "../lookup";

/** Puts a new annotation on top of the others. */
export const addAnnotation =
  (annotation: Annotation) =>
  (image: LabeledImage): LabeledImage =>
    patched(image, new Map([[annotation.id, { ...annotation, z: nextZ(image) }]]));

/** Several at once, each on top of the one before. */
export const addAnnotations =
  (annotations: readonly Annotation[]) =>
  (image: LabeledImage): LabeledImage =>
    annotations.reduce((before, annotation) => addAnnotation(annotation)(before), image);
