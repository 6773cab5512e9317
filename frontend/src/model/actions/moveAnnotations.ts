import { type Box, union } from "../../geometry/box";
import { moveWithin } from "../../geometry/handles";
import { add, type Vector } from "../../geometry/vector";
import { translate } from "../../geometry/vertices";
import { type Annotation, boundsOf, pixelsOf } from "../annotation";
import { boxGeometry, maskGeometry, polygonGeometry } from "../geometry";
import type { LabeledImage } from "../labeledImage";
import { type Change, changeAnnotations } from "./changeAnnotations";

const found = (image: LabeledImage, ids: readonly string[]): Annotation[] =>
  ids.flatMap((id) => image.annotations.get(id) ?? []);

/** How far these can go together without leaving the image, in whole pixels. */
export function shiftWithin(image: LabeledImage, ids: readonly string[], by: Vector): Vector {
  const boxes = found(image, ids).flatMap((annotation) => boundsOf(annotation) ?? []);
  const [first, ...others] = boxes;
  return first ? moveWithin(others.reduce<Box>(union, first), by, image) : { x: 0, y: 0 };
}

/** An annotation elsewhere. `by` must leave it inside the image; a tag is nowhere and stays. */
export function movedBy(annotation: Annotation, by: Vector, image: LabeledImage): Change {
  const { kind, polygon } = annotation;
  if (polygon) return polygonGeometry(translate(polygon, by));
  const bounds = boundsOf(annotation);
  if (kind === "tag" || !bounds) return {};
  return kind === "mask"
    ? maskGeometry({ ...pixelsOf(annotation), ...add(bounds, by) }, image)
    : boxGeometry({ ...bounds, ...add(bounds, by) });
}

/** Moves annotations together, as far as the image goes. */
export const moveAnnotations =
  (by: Vector, ...ids: readonly string[]) =>
  (image: LabeledImage): LabeledImage => {
    const shift = shiftWithin(image, ids, by);
    if (shift.x === 0 && shift.y === 0) return image;
    const changes = found(image, ids)
      .filter(({ kind }) => kind !== "tag")
      .map((one) => [one.id, movedBy(one, shift, image)] as const);
    return changeAnnotations(new Map(changes))(image);
  };
