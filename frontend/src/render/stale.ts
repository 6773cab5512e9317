import { type Box, intersection, union } from "../geometry/box";
import type { Size, Vector } from "../geometry/vector";
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

/** What of the screen shows nothing yet after the picture was moved by whole pixels; the two parts do not overlap. */
export function bared({ x, y }: Vector, { width, height }: Size): Box[] {
  const [wide, high] = [Math.min(Math.abs(x), width), Math.min(Math.abs(y), height)];
  const columns = { x: x > 0 ? 0 : width - wide, y: 0, w: wide, h: height };
  const rows = { x: x > 0 ? wide : 0, y: y > 0 ? 0 : height - high, w: width - wide, h: high };
  return [columns, rows].filter(hasArea);
}

export const hasArea = ({ w, h }: Box): boolean => w > 0 && h > 0;

export const movedBy = (box: Box, { x, y }: Vector): Box => ({ ...box, x: box.x + x, y: box.y + y });

/** The same places in fewer boxes, and of each only what lies on the screen. */
export function tidied(boxes: readonly Box[], { width, height }: Size): Box[] {
  const screen = { x: 0, y: 0, w: width, h: height };
  return boxes
    .map((box) => intersection(box, screen))
    .filter(hasArea)
    .reduce<Box[]>(joined, []);
}

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
