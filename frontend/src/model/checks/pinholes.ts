import { pinholesOf } from "../../geometry/maskParts";
import { fillPinholes } from "../actions/reshape";
import { pixelsOnce } from "../annotation";
import { type Check, counted } from "./finding";

/** Holes so small that nobody meant them. Larger ones may be what one sees through the object. */
export const pinholes: Check = (annotation) => {
  if (annotation.kind !== "mask") return null;
  const holes = pinholesOf(pixelsOnce(annotation));
  const [first] = holes;
  if (!first) return null;
  return {
    check: "pinholes",
    sentence: `${counted(holes.length, "pinhole")} in the mask`,
    at: first,
    fix: { deed: "filling of pinholes in", name: "Fill", action: fillPinholes(annotation.id) },
  };
};
