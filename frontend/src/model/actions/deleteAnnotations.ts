import { type LabeledImage, patched } from "../labeledImage";

export const deleteAnnotations =
  (...ids: readonly string[]) =>
  (image: LabeledImage): LabeledImage =>
    patched(image, new Map(ids.filter((id) => image.annotations.has(id)).map((id) => [id, null])));
