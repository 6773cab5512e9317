import type { Annotation } from "../annotation";
import { type LabeledImage, patched } from "../labeledImage";
import { nextZ } from "../lookup";

/** Puts new annotations on top of the others, each on top of the one before. */
export const addAnnotations =
  (annotations: readonly Annotation[]) =>
  (image: LabeledImage): LabeledImage => {
    const top = nextZ(image);
    return patched(image, new Map(annotations.map((one, i) => [one.id, { ...one, z: top + i }])));
  };

export const addAnnotation = (annotation: Annotation) => addAnnotations([annotation]);
