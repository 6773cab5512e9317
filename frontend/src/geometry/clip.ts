import type { Box } from "./box";
import type { Ring } from "./outline";
import type { Polygon } from "./polygon";

/** One side of a box: which coordinate it bounds (0: x), where, and whether what is below is inside. */
interface Side {
  readonly axis: 0 | 1;
  readonly at: number;
  readonly below: boolean;
}

/** The part of a polygon inside a box, by Sutherland and Hodgman; along the box its edge runs on the box's. */
export function clippedTo(polygon: Polygon, { x, y, w, h }: Box): Polygon {
  const sides: Side[] = [
    { axis: 0, at: x, below: false },
    { axis: 0, at: x + w, below: true },
    { axis: 1, at: y, below: false },
    { axis: 1, at: y + h, below: true },
  ];
  return polygon
    .map((part) => part.map((ring) => sides.reduce(clippedBy, ring)))
    .filter(([outer]) => isRing(outer ?? []))
    .map((part) => part.filter(isRing));
}

const isRing = (ring: Ring) => ring.length >= 6;

function clippedBy(ring: Ring, { axis, at, below }: Side): Ring {
  const clipped: number[] = [];
  const inside = (value: number) => (below ? value <= at : value >= at);
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const a = [ring[i] ?? 0, ring[i + 1] ?? 0] as const;
    const b = [ring[(i + 2) % ring.length] ?? 0, ring[(i + 3) % ring.length] ?? 0] as const;
    if (inside(a[axis])) clipped.push(...a);
    if (inside(a[axis]) === inside(b[axis])) continue;
    const share = (at - a[axis]) / (b[axis] - a[axis]);
    const other = a[1 - axis] as number;
    const across = other + share * ((b[1 - axis] as number) - other);
    clipped.push(...(axis === 0 ? [at, across] : [across, at]));
  }
  return clipped;
}
