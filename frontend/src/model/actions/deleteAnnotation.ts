import { type LabeledImage, patched } from "../labeledImage";

export const deleteAnnotation =
  (id: string) =>
  (image: LabeledImage): LabeledImage =>
    image.annotations.has(id) ? patched(image, new Map([[id, null]])) : image;
