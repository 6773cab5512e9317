import { type Mask, maskArea } from "./mask";
import { common } from "./maskAlgebra";
import { type Ring, traceOutline } from "./outline";
import { type Polygon, polygonContains } from "./polygon";

/** Twice the area that a ring encloses, positive for the outer edges that `traceOutline` makes. */
function signedArea(ring: Ring): number {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const [xa = 0, ya = 0] = [ring[i], ring[i + 1]];
    const [xb = 0, yb = 0] = [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
    twice += xa * yb - xb * ya;
  }
  return twice;
}

/** The rings of a mask's outline with each hole at the part that it is a hole of, the largest part first. */
function partsOf(mask: Mask): Ring[][] {
  const rings = traceOutline(mask);
  const outer = rings.filter((ring) => signedArea(ring) > 0).sort((a, b) => signedArea(a) - signedArea(b));
  const parts = outer.map((ring) => [ring]);
  for (const hole of rings.filter((ring) => signedArea(ring) < 0)) {
    // Under the corner where the tracing begins lies a pixel of the part around the hole.
    const p = { x: (hole[0] ?? 0) + 0.5, y: (hole[1] ?? 0) + 0.5 };
    parts.find(([edge]) => edge && polygonContains([[edge]], p))?.push(hole);
  }
  return parts.reverse();
}

/**
 * Leaves out the points of a closed line that lie within `tolerance` pixels of the line without them (Douglas and
 * Peucker, 1973, on the two halves between the first point and the one farthest from it).
 */
export function simplified(ring: Ring, tolerance: number): Ring {
  const count = ring.length / 2;
  const at = Float64Array.from({ length: 2 * count + 2 }, (_, i) => ring[i % ring.length] ?? 0);
  const farthest = (from: number, to: number) => farthestFrom(at, from, to);
  const opposite = farthest(0, count).place;
  const kept = new Set([0, opposite]);
  const open = [
    [0, opposite],
    [opposite, count],
  ];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from = 0, to = 0] = span;
    const { best, place } = farthest(from, to);
    if (best <= tolerance) continue;
    kept.add(place);
    open.push([from, place], [place, to]);
  }
  return [...kept].sort((a, b) => a - b).flatMap((i) => [at[2 * i] ?? 0, at[2 * i + 1] ?? 0]);
}

/** The point between two others that is farthest from the line through them, by its number. Masks have thousands. */
function farthestFrom(at: Float64Array, from: number, to: number): { best: number; place: number } {
  const [ax, ay] = [at[2 * from] ?? 0, at[2 * from + 1] ?? 0];
  const [dx, dy] = [(at[2 * to] ?? 0) - ax, (at[2 * to + 1] ?? 0) - ay];
  const length = Math.hypot(dx, dy);
  let [best, place] = [0, from];
  for (let i = from + 1; i < to; i++) {
    const [x, y] = [(at[2 * i] ?? 0) - ax, (at[2 * i + 1] ?? 0) - ay];
    const away = length === 0 ? Math.sqrt(x * x + y * y) : Math.abs(dx * y - dy * x) / length;
    if (away > best) [best, place] = [away, i];
  }
  return { best, place };
}

/**
 * The outline of a mask as a polygon of few points, within `tolerance` pixels of it; 0 is the outline itself, pixel
 * by pixel. Parts and holes that are smaller than the tolerance go.
 */
export const polygonOf = (mask: Mask, tolerance: number): Polygon =>
  partsOf(mask)
    .map((rings) => rings.map((ring) => simplified(ring, tolerance)))
    .map(([edge = [], ...holes]) => [edge, ...holes.filter((hole) => hole.length >= 6)])
    .filter(([edge = []]) => edge.length >= 6);

export const pointCount = (polygon: Polygon): number => polygon.flat(2).length / 2;

/** Intersection over union: 1 where the masks are the same, 0 where they have nothing in common. */
export function iou(a: Mask, b: Mask): number {
  const both = maskArea(common(a, b));
  const either = maskArea(a) + maskArea(b) - both;
  return either === 0 ? 1 : both / either;
}
