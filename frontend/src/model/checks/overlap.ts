import { overlaps } from "../../geometry/box";
import { maskArea } from "../../geometry/mask";
import { common } from "../../geometry/maskAlgebra";
import { subtractAnnotations } from "../actions/reshape";
import { boundsOf, pixelsOf } from "../annotation";
import type { Check } from "./finding";
import { counted } from "./finding";

/** Where masks must not overlap: pixels that another mask has too. */
export const overlap: Check = (annotation, { image, rules }) => {
  const box = boundsOf(annotation);
  if (rules.overlap !== "exclusive" || annotation.kind !== "mask" || !box) return null;
  const mask = pixelsOf(annotation);
  const near = [...image.annotations.values()].filter((other) => {
    const bounds = boundsOf(other);
    return other.id !== annotation.id && other.kind === "mask" && bounds !== null && overlaps(box, bounds);
  });
  const taken = near.map((other) => ({ id: other.id, both: common(mask, pixelsOf(other)) }));
  const shared = taken.filter(({ both }) => both.w > 0);
  const [first] = shared;
  if (!first) return null;
  const pixels = shared.reduce((sum, { both }) => sum + maskArea(both), 0);
  return {
    check: "overlap",
    sentence: `Takes ${counted(pixels, "pixel")} of ${counted(shared.length, "other mask")}`,
    at: first.both,
    fix: {
      deed: "removal of shared pixels from",
      name: "Leave them to the others",
      action: subtractAnnotations(annotation.id, ...shared.map(({ id }) => id)),
    },
  };
};
