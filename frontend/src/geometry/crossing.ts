import type { Ring } from "./outline";
import type { Polygon } from "./polygon";
import type { Vector } from "./vector";

interface Edge {
  readonly a: Vector;
  readonly b: Vector;
  readonly i: number;
}

const known = new WeakMap<Polygon, { at: Vector | null }>();

/** Where a ring of the polygon crosses or touches itself, the first such place; worked out once a polygon. */
export function crossingOf(polygon: Polygon): Vector | null {
  const found = known.get(polygon);
  if (found) return found.at;
  const at = polygon.flat().reduce<Vector | null>((first, ring) => first ?? crossingOfRing(ring), null);
  known.set(polygon, { at });
  return at;
}

/** Edges in the order of their left ends: each is compared only with those that begin before it ends. */
function crossingOfRing(ring: Ring): Vector | null {
  const edges = edgesOf(ring);
  const sorted = [...edges].sort((e, f) => Math.min(e.a.x, e.b.x) - Math.min(f.a.x, f.b.x));
  for (const [n, edge] of sorted.entries()) {
    const right = Math.max(edge.a.x, edge.b.x);
    for (let m = n + 1; m < sorted.length; m++) {
      const other = sorted[m];
      if (!other || Math.min(other.a.x, other.b.x) > right) break;
      const at = areNeighbours(edge, other, edges.length) ? null : meeting(edge, other);
      if (at) return at;
    }
  }
  return null;
}

function edgesOf(ring: Ring): Edge[] {
  const points: Vector[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) points.push({ x: ring[i] ?? 0, y: ring[i + 1] ?? 0 });
  return points.map((a, i) => ({ a, b: points[(i + 1) % points.length] ?? a, i }));
}

const areNeighbours = (e: Edge, f: Edge, count: number): boolean => {
  const apart = Math.abs(e.i - f.i);
  return apart <= 1 || apart === count - 1;
};

/** Twice the area of the triangle: on which side of the edge the point lies. */
const side = ({ a, b }: Edge, p: Vector): number => (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);

const between = ({ a, b }: Edge, p: Vector): boolean =>
  Math.min(a.x, b.x) <= p.x &&
  p.x <= Math.max(a.x, b.x) &&
  Math.min(a.y, b.y) <= p.y &&
  p.y <= Math.max(a.y, b.y);

/** A point that both edges have, if any. */
function meeting(e: Edge, f: Edge): Vector | null {
  const [fa, fb, ea, eb] = [side(e, f.a), side(e, f.b), side(f, e.a), side(f, e.b)];
  if (fa * fb < 0 && ea * eb < 0) {
    const share = ea / (ea - eb);
    return { x: e.a.x + share * (e.b.x - e.a.x), y: e.a.y + share * (e.b.y - e.a.y) };
  }
  if (fa === 0 && between(e, f.a)) return f.a;
  if (fb === 0 && between(e, f.b)) return f.b;
  if (ea === 0 && between(f, e.a)) return e.a;
  return eb === 0 && between(f, e.b) ? e.b : null;
}
