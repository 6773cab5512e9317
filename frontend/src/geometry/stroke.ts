import { type Box, grow, intersection } from "./box";
import { EMPTY_MASK, type Mask } from "./mask";
import { trimmed } from "./maskAlgebra";
import { clamp, type Size, type Vector } from "./vector";

export type Tip = "round" | "square";

/** A brush drawn along a line, in image pixels; `radius` is half its width. One point is a dab. */
export interface Stroke {
  readonly points: readonly Vector[];
  readonly radius: number;
  readonly tip: Tip;
}

/** The whole pixels that a box touches. */
function pixelsIn({ x, y, w, h }: Box): Box {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  return { x: left, y: top, w: Math.ceil(x + w) - left, h: Math.ceil(y + h) - top };
}

function boundsOf(points: readonly Vector[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/**
 * The pixels whose centres the tip passes over: a disc, or an upright square. And the pixel under each of its points, so that the
 * thinnest brush leaves a mark. Costs what the stroke's own box has pixels, however large the image is.
 */
export function strokeMask({ points, radius, tip }: Stroke, image: Size): Mask {
  const whole = { x: 0, y: 0, w: image.width, h: image.height };
  const box = points.length ? intersection(pixelsIn(grow(boundsOf(points), radius)), whole) : EMPTY_MASK;
  if (box.w === 0 || box.h === 0) return EMPTY_MASK;
  const mask: Mask = { x: box.x, y: box.y, w: box.w, h: box.h, data: new Uint8Array(box.w * box.h) };
  points.forEach((to, i) => {
    stampSegment(mask, points[i - 1] ?? to, to, radius, PASSES[tip]);
    stampPixel(mask, to);
  });
  return trimmed(mask);
}

function stampPixel({ x, y, w, h, data }: Mask, at: Vector): void {
  const [column, row] = [Math.floor(at.x) - x, Math.floor(at.y) - y];
  if (column >= 0 && row >= 0 && column < w && row < h) data[row * w + column] = 1;
}

function stampSegment(mask: Mask, from: Vector, to: Vector, radius: number, passes: Passes): void {
  const box = intersection(pixelsIn(grow(boundsOf([from, to]), radius)), mask);
  for (let y = box.y; y < box.y + box.h; y++) {
    for (let x = box.x; x < box.x + box.w; x++) {
      if (passes(x + 0.5, y + 0.5, from, to, radius)) mask.data[(y - mask.y) * mask.w + x - mask.x] = 1;
    }
  }
}

/** Whether a tip of this radius that goes from `a` to `b` passes over a point. */
type Passes = (x: number, y: number, a: Vector, b: Vector, radius: number) => boolean;

const HAIR = 1e-6;

const PASSES: Record<Tip, Passes> = {
  round: (x, y, a, b, radius) => squaredDistance(x, y, a, b) <= radius * radius,
  square: (x, y, a, b, radius) => {
    // A hair aside, so that a tip whose edges lie on the centres of pixels covers one of both edges, not both.
    const across = timesWithin(a.x - x + HAIR, b.x - a.x, radius);
    const down = timesWithin(a.y - y + HAIR, b.y - a.y, radius);
    return Math.max(across[0], down[0], 0) <= Math.min(across[1], down[1], 1);
  },
};

/** The times t between which `offset + t · speed` is at most `radius` away from 0. */
function timesWithin(offset: number, speed: number, radius: number): readonly [number, number] {
  if (speed === 0) return Math.abs(offset) <= radius ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const [one, other] = [(-radius - offset) / speed, (radius - offset) / speed];
  return [Math.min(one, other), Math.max(one, other)];
}

/** From a point to the nearest one of a line from `a` to `b`, squared. */
function squaredDistance(x: number, y: number, a: Vector, b: Vector): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : clamp(((x - a.x) * dx + (y - a.y) * dy) / length, 0, 1);
  return (x - a.x - along * dx) ** 2 + (y - a.y - along * dy) ** 2;
}
