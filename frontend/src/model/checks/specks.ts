import { maskArea } from "../../geometry/mask";
import { partsOf } from "../../geometry/maskParts";
import { removeSpecks } from "../actions/reshape";
import { pixelsOnce } from "../annotation";
import { SPECK } from "../tidy";
import { type Check, counted } from "./finding";

/** Parts so small beside the largest one that they are rather slips than parts of the object. */
export const specks: Check = (annotation) => {
  if (annotation.kind !== "mask") return null;
  const [largest, ...others] = partsOf(pixelsOnce(annotation));
  const smallest = largest ? maskArea(largest) * SPECK : 0;
  const small = others.filter((part) => maskArea(part) < smallest);
  const [first] = small;
  if (!first) return null;
  return {
    check: "specks",
    sentence: `${counted(small.length, "speck")} beside the object`,
    at: first,
    fix: { deed: "removal of specks from", name: "Remove", action: removeSpecks(annotation.id) },
  };
};
