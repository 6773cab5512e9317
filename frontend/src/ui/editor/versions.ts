import type { Annotation } from "../../model/annotation";
import type { Versions } from "../../model/compare";
import type { Shape } from "../../render/scene";

/** Two colours that nobody confuses, and a dashed edge besides. */
export const MINE = "#4dabf7";
export const THEIRS = "#ff922b";

const LOOKS = {
  mine: { colour: MINE, emphasis: "hovered" },
  theirs: { colour: THEIRS, emphasis: "hovered", dashed: true },
} as const;

const outlineOf = (of: "mine" | "theirs", annotation: Annotation | null): Shape[] =>
  annotation && annotation.kind !== "tag" ? [{ annotation, outlineOnly: true, ...LOOKS[of] }] : [];

/** Both versions over each other, by their edges. */
export const outlinesOf = ({ mine, theirs }: Versions): Shape[] => [
  ...outlineOf("mine", mine),
  ...outlineOf("theirs", theirs),
];
