import { type Mask, maskArea, samePixels } from "../geometry/mask";
import { unite } from "../geometry/maskAlgebra";
import { partsOf, pinholesOf, withoutSmallParts } from "../geometry/maskParts";
import type { Size } from "../geometry/vector";
import { type Annotation, maskOf } from "./annotation";
import { maskGeometry } from "./geometry";

/** Parts with less than this share of the largest part's pixels are specks. */
export const SPECK = 0.01;

export function withoutSpecks(mask: Mask): Mask {
  const largest = partsOf(mask)[0];
  return largest ? withoutSmallParts(mask, maskArea(largest) * SPECK) : mask;
}

/** Fills the holes that nobody meant; those that one sees through stay. */
export const withoutPinholes = (mask: Mask): Mask => pinholesOf(mask).reduce(unite, mask);

/** The mask without its specks and pinholes, or the same object if it has none. */
export function tidy<Kept extends Pick<Annotation, "segmentation">>(kept: Kept, image: Size): Kept {
  if (!kept.segmentation) return kept;
  const mask = maskOf(kept.segmentation);
  const tidied = withoutPinholes(withoutSpecks(mask));
  return samePixels(tidied, mask) ? kept : { ...kept, ...maskGeometry(tidied, image) };
}
