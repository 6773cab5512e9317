import type { Box } from "../../geometry/box";
import type { Annotation, LabelClass } from "../annotation";
import type { LabeledImage } from "../labeledImage";
import type { Rules } from "../rules";

export interface Fix {
  /** As undo calls it, without what it is done to: "removal of specks from". */
  readonly deed: string;
  /** What people read on the button. */
  readonly name: string;
  readonly action: (image: LabeledImage) => LabeledImage;
}

/** Something about an annotation that is probably not as it should be. */
export interface Finding {
  readonly check: string;
  readonly sentence: string;
  /** Where it is, in image pixels; null where it is nowhere in particular. */
  readonly at: Box | null;
  readonly fix: Fix | null;
}

export interface CheckContext {
  readonly image: LabeledImage;
  readonly classes: readonly LabelClass[];
  readonly rules: Rules;
}

export type Check = (annotation: Annotation, context: CheckContext) => Finding | null;

export const counted = (n: number, one: string, more = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : more}`;
