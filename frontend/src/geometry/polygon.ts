import type { Box } from "./box";
import { EMPTY_MASK, type Mask } from "./mask";
import { without } from "./maskAlgebra";
import type { Ring } from "./outline";
import { clamp, type Size, type Vector } from "./vector";

/** parts → rings → flat [x, y, x, y, …]; a part's first ring is its outer edge, the others are holes. */
export type Polygon = readonly (readonly Ring[])[];

/** The heights where the ring crosses the vertical line at x; an edge owns its left end, not its right one. */
function crossings(ring: Ring, x: number): number[] {
  const found: number[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const [xa = 0, ya = 0] = [ring[i], ring[i + 1]];
    const [xb = 0, yb = 0] = [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
    if (xa <= x !== xb <= x) found.push(ya + (x - xa) * ((yb - ya) / (xb - xa)));
  }
  return found;
}

const partContains = (rings: readonly Ring[], p: Vector): boolean =>
  rings.flatMap((ring) => crossings(ring, p.x)).filter((y) => y <= p.y).length % 2 === 1;

/** Whether the point is inside any part (even-odd inside a part). */
export const polygonContains = (polygon: Polygon, p: Vector): boolean =>
  polygon.some((part) => partContains(part, p));

export function polygonBounds(polygon: Polygon): Box {
  const flat = polygon.flat(2);
  const xs = flat.filter((_, i) => i % 2 === 0);
  const ys = flat.filter((_, i) => i % 2 === 1);
  const range = (values: number[]) =>
    values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const, [
      Infinity,
      -Infinity,
    ] as readonly [number, number]);
  const [[left, right], [top, bottom]] = [range(xs), range(ys)];
  return flat.length ? { x: left, y: top, w: right - left, h: bottom - top } : { x: 0, y: 0, w: 0, h: 0 };
}

function ringArea(ring: Ring): number {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const [xa = 0, ya = 0] = [ring[i], ring[i + 1]];
    const [xb = 0, yb = 0] = [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
    twice += xa * yb - xb * ya;
  }
  return Math.abs(twice) / 2;
}

/** By the shoelace formula, holes taken off: near what its pixels are, and far cheaper than counting them. */
export const polygonArea = (polygon: Polygon): number =>
  polygon
    .flatMap((rings) => rings.map((ring, i) => (i === 0 ? 1 : -1) * ringArea(ring)))
    .reduce((sum, area) => sum + area, 0);

/** The pixels whose centres lie inside, by the even-odd rule inside a part; parts are united. */
export function rasterise(polygon: Polygon, image: Size): Mask {
  const bounds = polygonBounds(polygon);
  const x = clamp(Math.floor(bounds.x), 0, image.width);
  const y = clamp(Math.floor(bounds.y), 0, image.height);
  const w = clamp(Math.ceil(bounds.x + bounds.w), 0, image.width) - x;
  const h = clamp(Math.ceil(bounds.y + bounds.h), 0, image.height) - y;
  if (w <= 0 || h <= 0) return EMPTY_MASK;
  const mask: Mask = { x, y, w, h, data: new Uint8Array(w * h) };
  for (const part of polygon) {
    for (let column = 0; column < w; column++) fillColumn(mask, part, column);
  }
  return mask;
}

function fillColumn(mask: Mask, part: readonly Ring[], column: number): void {
  const ys = part.flatMap((ring) => crossings(ring, mask.x + column + 0.5)).sort((a, b) => a - b);
  for (let i = 0; i + 1 < ys.length; i += 2) {
    const first = clamp(firstCentreFrom(ys[i] ?? 0) - mask.y, 0, mask.h);
    const end = clamp(firstCentreFrom(ys[i + 1] ?? 0) - mask.y, 0, mask.h);
    for (let row = first; row < end; row++) mask.data[row * mask.w + column] = 1;
  }
}

/** The first row whose centre is at y or below it. */
const firstCentreFrom = (y: number): number => Math.ceil(y - 0.5);

/**
 * The polygon with a hole in the part that holds all of its pixels. Null when there is no such part, or when nothing
 * of the part would be left.
 */
export function withHole(polygon: Polygon, ring: Ring, image: Size): Polygon | null {
  const hole = rasterise([[ring]], image);
  const at = polygon.findIndex((part) => {
    const pixels = rasterise([part], image);
    return without(hole, pixels).w === 0 && without(pixels, hole).w > 0;
  });
  return at < 0 ? null : polygon.map((part, i) => (i === at ? [...part, ring] : part));
}
