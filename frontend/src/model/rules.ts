import type { Annotation } from "./annotation";

export type Kind = Annotation["kind"];

/** What a project lets its annotations be. */
export interface Rules {
  /** New ones are of these kinds only. */
  readonly kinds: readonly Kind[];
  /** "exclusive": new masks take nothing from old ones. */
  readonly overlap: "free" | "exclusive";
}

export const NO_RULES: Rules = { kinds: ["mask", "polygon", "box", "tag"], overlap: "free" };
