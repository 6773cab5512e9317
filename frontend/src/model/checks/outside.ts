import { type Box, intersection } from "../../geometry/box";
import { clippedTo } from "../../geometry/clip";
import { polygonBounds } from "../../geometry/polygon";
import { type Change, changeAnnotation } from "../actions/changeAnnotations";
import { type Annotation, boundsOf } from "../annotation";
import { boxGeometry, polygonGeometry } from "../geometry";
import type { Check } from "./finding";

/** What hangs over the edge of the image. Masks cannot. */
export const outside: Check = (annotation, { image }) => {
  const whole = { x: 0, y: 0, w: image.width, h: image.height };
  const box = annotation.polygon ? polygonBounds(annotation.polygon) : boundsOf(annotation);
  if (annotation.kind === "mask" || !box || within(box, whole)) return null;
  const change = clipped(annotation, box, whole);
  return {
    check: "outside",
    sentence: "It reaches beyond the image",
    at: box,
    fix: change && {
      deed: "crop of",
      name: "Cut at the edge",
      action: changeAnnotation(annotation.id, change),
    },
  };
};

const within = (box: Box, whole: Box) =>
  box.x >= whole.x && box.y >= whole.y && box.x + box.w <= whole.w && box.y + box.h <= whole.h;

/** Null where nothing of it would be left. */
function clipped({ polygon }: Annotation, box: Box, whole: Box): Change | null {
  const rest = intersection(box, whole);
  if (rest.w === 0 || rest.h === 0) return null;
  if (!polygon) return boxGeometry(rest);
  const inside = clippedTo(polygon, whole);
  return inside.length > 0 ? polygonGeometry(inside) : null;
}
