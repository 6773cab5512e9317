import type { Annotation } from "../../model/annotation";
import { type ShapeDifference, shapeDifference, type Versions } from "../../model/comparison";
import { maskGeometry } from "../../model/geometry";
import type { LabeledImage } from "../../model/labeledImage";
import type { Shape } from "../../render/scene";

/** Two colours that nobody confuses, and a dashed edge besides. */
export const MINE = "#4dabf7";
export const THEIRS = "#ff922b";

const LOOKS = {
  mine: { colour: MINE, emphasis: "hovered" },
  theirs: { colour: THEIRS, emphasis: "hovered", dashed: true },
} as const;

export const shapeOf = (
  of: "mine" | "theirs",
  annotation: Annotation | null,
  outlineOnly: boolean,
): Shape[] => (annotation && annotation.kind !== "tag" ? [{ annotation, outlineOnly, ...LOOKS[of] }] : []);

/** Both versions over each other, by their edges. */
export const outlinesOf = ({ mine, theirs }: Versions): Shape[] => [
  ...shapeOf("mine", mine, true),
  ...shapeOf("theirs", theirs, true),
];

/** The pixels that only one of them has, in its colour. */
export function changedShapes(versions: Versions, image: LabeledImage): Shape[] {
  const difference = shapeDifference(versions);
  const { mine, theirs } = versions;
  if (!difference || !mine || !theirs) return [];
  return [
    ...filled(mine, difference.onlyMine, MINE, image),
    ...filled(theirs, difference.onlyTheirs, THEIRS, image),
  ];
}

const filled = (
  annotation: Annotation,
  mask: ShapeDifference["onlyMine"],
  colour: string,
  image: LabeledImage,
): Shape[] =>
  mask.w > 0
    ? [
        {
          annotation: { ...annotation, ...maskGeometry(mask, image) },
          colour,
          emphasis: "normal",
          outlineOnly: false,
        },
      ]
    : [];
