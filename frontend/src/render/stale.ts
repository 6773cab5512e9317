import { type Box, intersection, union } from "../geometry/box";
import type { Viewport } from "../geometry/viewport";
import { boundsOf } from "../model/annotation";
import type { Shape } from "./scene";

/** Where a shape is drawn, in image pixels, without its edge; null where there is nothing to draw. */
export function boxOf({ annotation, by }: Shape): Box | null {
  const box = boundsOf(annotation);
  return box && by ? { ...box, x: box.x + by.x, y: box.y + by.y } : box;
}

/** The shapes of a scene that another does not have. Shapes that stay the same are the same objects. */
const missing = (from: readonly Shape[], others: readonly Shape[]): Shape[] => {
  const known = new Set(others);
  return from.filter((shape) => !known.has(shape));
};

/** Where the picture of some shapes differs from that of others, in image pixels. Order alone is not looked at. */
export const changedBoxes = (before: readonly Shape[], after: readonly Shape[]): Box[] =>
  [...missing(before, after), ...missing(after, before)].flatMap((shape) => boxOf(shape) ?? []);

/** A box of the image on the screen, in whole pixels, with `margin` pixels around it. */
export function onScreen({ x, y, w, h }: Box, view: Viewport, margin: number): Box {
  const left = Math.floor(x * view.scale + view.x - margin);
  const top = Math.floor(y * view.scale + view.y - margin);
  const right = Math.ceil((x + w) * view.scale + view.x + margin);
  const bottom = Math.ceil((y + h) * view.scale + view.y + margin);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

export const hasArea = ({ w, h }: Box): boolean => w > 0 && h > 0;

/** The same places in fewer boxes, and of each only what lies within `place`. */
export const tidied = (boxes: readonly Box[], place: Box): Box[] =>
  boxes
    .map((box) => intersection(box, place))
    .filter(hasArea)
    .reduce<Box[]>(joined, []);

const area = ({ w, h }: Box): number => w * h;

/** With one box more, as one with another where that covers no more than both: a row and a column stay two. */
function joined(boxes: readonly Box[], box: Box): Box[] {
  const other = boxes.find((one) => area(union(one, box)) <= area(one) + area(box));
  if (!other) return [...boxes, box];
  return joined(
    boxes.filter((one) => one !== other),
    union(other, box),
  );
}
