import type { Annotation, LabelClass } from "../model/annotation";
import { type Attribute, firstMissing } from "../model/attributes";
import type { Snapshot } from "./snapshot";

/** The required attribute that a just kept object still lacks. */
export interface Question {
  readonly annotation: Annotation;
  readonly attribute: Attribute;
}

/** The required attribute that is asked for now; null where nothing is asked, or all of it is answered. */
export function questionOf({
  asking,
  history,
  classes,
}: Pick<Snapshot, "asking" | "history" | "classes">): Question | null {
  const annotation = history.present.annotations.get(asking ?? "");
  const attribute = annotation && firstMissing(annotation, classes);
  return attribute ? { annotation, attribute } : null;
}

/** Whether the class of an object requires something that it lacks. */
export const lacks = (annotation: Annotation | undefined, classes: readonly LabelClass[]): boolean =>
  annotation !== undefined && firstMissing(annotation, classes) !== undefined;
