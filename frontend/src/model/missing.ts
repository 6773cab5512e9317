import { boxContains, grow } from "../geometry/box";
import { type Annotation, boundsOf } from "./annotation";
import type { LabeledImage } from "./labeledImage";

/** A place where a reviewer says that an object is missing, as a thread of the image's comments. */
export interface MissingPin {
  readonly thread: string;
  readonly x: number;
  readonly y: number;
}

/** How far from a pin an object may end that answers it, as a share of the image's longer side. */
const NEAR = 0.03;

/** The first open pin at which somebody has drawn an object since, and that object. */
export function drawnAtPin(
  pins: readonly MissingPin[],
  image: LabeledImage,
  isFresh: (annotation: Annotation, pin: MissingPin) => boolean,
): { readonly pin: MissingPin; readonly annotation: Annotation } | null {
  const near = NEAR * Math.max(image.width, image.height);
  for (const pin of pins)
    for (const annotation of image.annotations.values()) {
      const box = boundsOf(annotation);
      if (box && isFresh(annotation, pin) && boxContains(grow(box, near), pin)) return { pin, annotation };
    }
  return null;
}
