import type { Annotation } from "../annotation";
import { type LabeledImage, patched } from "../labeledImage";

type Given = "id" | "version" | "state" | "created_by" | "updated_by" | "review";
export type Change = Partial<Omit<Annotation, Given>>;

/** Changes class, geometry or place of some annotations; they are drafts again, as the server will say too. */
export const changeAnnotations =
  (changes: ReadonlyMap<string, Change>) =>
  (image: LabeledImage): LabeledImage => {
    const changed = [...changes].flatMap(([id, change]) => {
      const annotation = image.annotations.get(id);
      return annotation ? [[id, { ...annotation, ...change, state: "draft" }] as const] : [];
    });
    return patched(image, new Map(changed));
  };

export const changeAnnotation = (id: string, change: Change) => changeAnnotations(new Map([[id, change]]));
