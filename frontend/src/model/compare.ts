import type { Box } from "../geometry/box";
import { type Mask, maskArea } from "../geometry/mask";
import { common, without } from "../geometry/maskAlgebra";
import { type Annotation, boundsOf, pixelsOf } from "./annotation";

/** What a change made of a shape: the pixels that came and went, and how much is the same. */
export interface Comparison {
  readonly before: Mask;
  readonly after: Mask;
  readonly added: Mask;
  readonly removed: Mask;
  /** Pixels of both to pixels of either; 1 where nothing changed. */
  readonly iou: number;
}

export function comparedMasks(before: Mask, after: Mask): Comparison {
  const both = maskArea(common(before, after));
  const either = maskArea(before) + maskArea(after) - both;
  return {
    before,
    after,
    added: without(after, before),
    removed: without(before, after),
    iou: either === 0 ? 1 : both / either,
  };
}

/** Two versions of an object, whatever each is made of. */
export const compared = (before: Annotation, after: Annotation): Comparison =>
  comparedMasks(areaOf(before), areaOf(after));

/** The pixels of a mask or polygon, or those inside a box. */
export function areaOf(annotation: Annotation): Mask {
  const box = annotation.kind === "box" && boundsOf(annotation);
  return box ? filled(box) : pixelsOf(annotation);
}

function filled(box: Box): Mask {
  const [x, y] = [Math.round(box.x), Math.round(box.y)];
  const [w, h] = [Math.round(box.x + box.w) - x, Math.round(box.y + box.h) - y];
  return { x, y, w, h, data: new Uint8Array(w * h).fill(1) };
}
