import type { Mask } from "../../geometry/mask";
import type { Size } from "../../geometry/vector";
import type { Annotation } from "../../model/annotation";
import { compared } from "../../model/compare";
import { maskGeometry } from "../../model/geometry";
import type { Shape } from "../../render/scene";
import { ADDED, REMOVED } from "./ComparisonCanvas";

/** The pixels that came and went between two versions, each in its colour. */
export function changedShapes(before: Annotation | null, after: Annotation, image: Size): Shape[] {
  const { added, removed } = compared(before, after);
  const filled = (mask: Mask, colour: string): Shape[] =>
    mask.w > 0
      ? [
          {
            annotation: { ...after, ...maskGeometry(mask, image) },
            colour,
            emphasis: "normal",
            outlineOnly: false,
          },
        ]
      : [];
  return [...filled(added, ADDED), ...filled(removed, REMOVED)];
}
