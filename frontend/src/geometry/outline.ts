import type { Mask } from "./mask";

/** A closed line as flat image coordinates [x, y, x, y, …] along pixel edges; the last point joins the first. */
export type Ring = readonly number[];

// Right, down, left, up: a quarter turn to the right is +1.
const STEP_X = [1, 0, -1, 0];
const STEP_Y = [0, 1, 0, -1];
// The pixel ahead on the right hand, relative to the corner we stand on, by direction.
const RIGHT_X = [0, -1, -1, 0];
const RIGHT_Y = [0, 0, -1, -1];

/**
 * The edges between mask and background, one ring each: outer edges clockwise, holes counter-clockwise.
 * Pixels that touch only at a corner belong to different rings.
 */
export function traceOutline(mask: Mask): Ring[] {
  const { w, h, data } = mask;
  const filled = (x: number, y: number) => x >= 0 && y >= 0 && x < w && y < h && data[y * w + x] === 1;
  const walked = new Uint8Array(w * h);
  const rings: Ring[] = [];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = y * w + x;
      // Each ring has an edge that runs right, above a filled pixel: those are the places to start.
      if (data[at] === 1 && (y === 0 || data[at - w] !== 1) && walked[at] === 0) {
        rings.push(walk(x, y, mask, filled, walked));
      }
    }
  }
  return rings;
}

function walk(
  startX: number,
  startY: number,
  { x: left, y: top, w }: Mask,
  filled: (x: number, y: number) => boolean,
  walked: Uint8Array,
): Ring {
  const ring: number[] = [];
  let [x, y, direction, before] = [startX, startY, 0, -1];
  do {
    if (direction === 0) walked[y * w + x] = 1;
    if (direction !== before) ring.push(left + x, top + y);
    before = direction;
    x += STEP_X[direction] ?? 0;
    y += STEP_Y[direction] ?? 0;
    direction = turn(x, y, direction, filled);
  } while (x !== startX || y !== startY || direction !== 0);
  return ring;
}

/** Where an edge goes on from a corner, keeping the mask on the right hand. */
function turn(x: number, y: number, direction: number, filled: (x: number, y: number) => boolean): number {
  if (!filled(x + (RIGHT_X[direction] ?? 0), y + (RIGHT_Y[direction] ?? 0))) return (direction + 1) % 4;
  const left = (direction + 3) % 4;
  return filled(x + (RIGHT_X[left] ?? 0), y + (RIGHT_Y[left] ?? 0)) ? left : direction;
}
