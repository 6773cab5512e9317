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
  fill(mask, edgesOf(polygon, x, x + w));
  return mask;
}

/** Counts how often the polygon's edges cross a column of pixel centers, which is what rasterizing it costs. */
export const crossingCount = (polygon: Polygon, { width }: Size): number =>
  edgesOf(polygon, 0, width).reduce((sum, { first, end }) => sum + end - first, 0);

/** An edge, the index of its part, and the columns that it crosses: `first` to `end` (exclusive). */
interface Edge {
  readonly part: number;
  readonly x: number;
  readonly y: number;
  readonly slope: number;
  readonly first: number;
  readonly end: number;
}

/** The edges that cross a column of pixel centers between `left` and `right`, sorted by their first column. */
function edgesOf(polygon: Polygon, left: number, right: number): Edge[] {
  const edges: Edge[] = [];
  for (const [part, rings] of polygon.entries()) {
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i += 2) {
        const [xa = 0, ya = 0] = [ring[i], ring[i + 1]];
        const [xb = 0, yb = 0] = [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
        const first = clamp(firstCentreFrom(Math.min(xa, xb)), left, right);
        const end = clamp(firstCentreFrom(Math.max(xa, xb)), left, right);
        if (end > first) edges.push({ part, x: xa, y: ya, slope: (yb - ya) / (xb - xa), first, end });
      }
    }
  }
  return edges.sort((a, b) => a.first - b.first);
}

/** Fills the mask column by column. Time is proportional to the crossings, memory to the mask. */
function fill(mask: Mask, edges: readonly Edge[]): void {
  const steps = new Int32Array(mask.h + 1);
  let active: Edge[] = [];
  let next = 0;
  for (let column = 0; column < mask.w; column++) {
    const at = mask.x + column;
    active = active.filter(({ end }) => end > at);
    for (let edge = edges[next]; edge && edge.first <= at; edge = edges[++next]) active.push(edge);
    if (active.length === 0) continue;
    mark(steps, active, at + 0.5, mask);
    let depth = 0;
    for (let row = 0; row < mask.h; row++) {
      depth += steps[row] ?? 0;
      if (depth > 0) mask.data[row * mask.w + column] = 1;
    }
    steps.fill(0);
  }
}

/** Marks the rows of a column in which parts begin (+1) and end (-1). Crossings of one part pair up (even-odd rule). */
function mark(steps: Int32Array, active: readonly Edge[], x: number, { y: top, h }: Mask): void {
  const places = Float64Array.from(active, (edge) => {
    const row = firstCentreFrom(edge.y + (x - edge.x) * edge.slope) - top;
    return edge.part * (h + 1) + clamp(row, 0, h);
  }).sort();
  places.forEach((place, i) => {
    const row = place % (h + 1);
    steps[row] = (steps[row] ?? 0) + (i % 2 === 0 ? 1 : -1);
  });
}

/** The first column (or row) whose center is at or beyond `value`. */
const firstCentreFrom = (value: number): number => Math.ceil(value - 0.5);

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
