import type { Box } from "./box";
import { clamp, type Size } from "./vector";

/** Width over height of the pictures that stand side by side. */
const ASPECT = 4 / 3;
/** How much of what is around is shown with it, of its longer side, and at least so many pixels. */
const CONTEXT = 0.25;
const LEAST = 24;

/**
 * The part of an image that shows what is in `box` with what is around it, in whole pixels; the whole image where
 * there is no box. All parts have one shape, so far as the image allows.
 */
export function cropAround(box: Box | null, image: Size): Box {
  if (!box) return { x: 0, y: 0, w: image.width, h: image.height };
  const margin = Math.max(CONTEXT * Math.max(box.w, box.h), LEAST);
  const [w, h] = [box.w + 2 * margin, box.h + 2 * margin];
  const across = span(box.x + box.w / 2, Math.max(w, h * ASPECT), image.width);
  const down = span(box.y + box.h / 2, Math.max(h, w / ASPECT), image.height);
  return { x: across.from, y: down.from, w: across.size, h: down.size };
}

/** So many whole pixels around a middle, moved into an image that is `most` long. */
function span(middle: number, wanted: number, most: number) {
  const size = Math.min(Math.ceil(wanted), most);
  return { from: Math.round(clamp(middle - size / 2, 0, most - size)), size };
}
