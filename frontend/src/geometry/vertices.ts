import type { Polygon } from "./polygon";
import { clamp, distance, type Vector } from "./vector";

/** One corner of a polygon: the `index`-th point of a ring of a part. As an edge: from there to the next. */
export interface Vertex {
  readonly part: number;
  readonly ring: number;
  readonly index: number;
}

export interface Placed extends Vertex {
  readonly at: Vector;
}

/** All corners with their places. */
export const verticesOf = (polygon: Polygon): Placed[] =>
  polygon.flatMap((rings, part) =>
    rings.flatMap((flat, ring) =>
      Array.from({ length: flat.length / 2 }, (_, index) => ({
        part,
        ring,
        index,
        at: { x: flat[2 * index] ?? 0, y: flat[2 * index + 1] ?? 0 },
      })),
    ),
  );

const nearest = <T extends { readonly at: Vector }>(all: readonly T[], p: Vector, reach: number): T | null =>
  all
    .filter(({ at }) => distance(at, p) <= reach)
    .reduce<T | null>(
      (best, one) => (best && distance(best.at, p) <= distance(one.at, p) ? best : one),
      null,
    );

export const vertexAt = (polygon: Polygon, p: Vector, reach: number): Placed | null =>
  nearest(verticesOf(polygon), p, reach);

/** The edge nearest to a point, if one lies within `reach`; `at` is the place on it. */
export function edgeAt(polygon: Polygon, p: Vector, reach: number): Placed | null {
  const vertices = verticesOf(polygon);
  const edges = vertices.map((from, i) => {
    const next = vertices[i + 1];
    const sameRing = next && next.part === from.part && next.ring === from.ring;
    const to = sameRing ? next.at : (vertices[i - from.index]?.at ?? from.at);
    return { ...from, at: nearestOn(from.at, to, p) };
  });
  return nearest(edges, p, reach);
}

function nearestOn(a: Vector, b: Vector, p: Vector): Vector {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0, 1);
  return { x: a.x + along * dx, y: a.y + along * dy };
}

const withRing = (
  polygon: Polygon,
  { part, ring }: Vertex,
  edit: (flat: readonly number[]) => number[],
): Polygon =>
  polygon.map((rings, p) => (p === part ? rings.map((flat, r) => (r === ring ? edit(flat) : flat)) : rings));

export const moveVertex = (polygon: Polygon, vertex: Vertex, { x, y }: Vector): Polygon =>
  withRing(polygon, vertex, (flat) => flat.toSpliced(2 * vertex.index, 2, x, y));

/** Puts a new corner on an edge; it is the one after the edge's first. */
export const insertVertex = (polygon: Polygon, edge: Vertex, { x, y }: Vector): Polygon =>
  withRing(polygon, edge, (flat) => flat.toSpliced(2 * edge.index + 2, 0, x, y));

/** Takes a corner away. A ring of less than three goes, a part with its outer ring; null when nothing is left. */
export function deleteVertex(polygon: Polygon, vertex: Vertex): Polygon | null {
  const rest = withRing(polygon, vertex, (flat) => flat.toSpliced(2 * vertex.index, 2))
    .map((rings) => ((rings[0]?.length ?? 0) < 6 ? [] : rings.filter((flat) => flat.length >= 6)))
    .filter((rings) => rings.length > 0);
  return rest.length > 0 ? rest : null;
}

export const translate = (polygon: Polygon, { x, y }: Vector): Polygon =>
  polygon.map((rings) => rings.map((flat) => flat.map((value, i) => value + (i % 2 === 0 ? x : y))));
