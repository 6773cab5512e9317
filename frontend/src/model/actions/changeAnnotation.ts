import type { Annotation } from "../annotation";
import { type LabeledImage, patched } from "../labeledImage";

export type Change = Partial<
  Pick<Annotation, "class_id" | "segmentation" | "polygon" | "bbox" | "area" | "attributes" | "z">
>;

/** Changes class, geometry or place of one annotation; it is a draft again, as the server will say too. */
export const changeAnnotation =
  (id: string, change: Change) =>
  (image: LabeledImage): LabeledImage => {
    const annotation = image.annotations.get(id);
    if (!annotation) return image;
    return patched(image, new Map([[id, { ...annotation, ...change, state: "draft" }]]));
  };
