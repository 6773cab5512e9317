import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Polygon } from "./polygon";
import { deleteVertex, edgeAt, insertVertex, moveVertex, translate, vertexAt, verticesOf } from "./vertices";

const coordinate = fc.integer({ min: 0, max: 50 });
const rings = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 7 })
  .map((points) => points.flat());
const polygons: fc.Arbitrary<Polygon> = fc.array(fc.array(rings, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});
const withVertex = polygons.chain((polygon) =>
  fc.record({ polygon: fc.constant(polygon), vertex: fc.constantFrom(...verticesOf(polygon)) }),
);
const square: Polygon = [
  [
    [0, 0, 20, 0, 20, 20, 0, 20],
    [5, 5, 15, 5, 10, 15],
  ],
];

describe("the vertices of a polygon", () => {
  test("deleting what was inserted gives the polygon back", () => {
    fc.assert(
      fc.property(withVertex, coordinate, ({ polygon, vertex }, x) => {
        const inserted = insertVertex(polygon, vertex, { x, y: 7 });
        expect(verticesOf(inserted)).toHaveLength(verticesOf(polygon).length + 1);
        expect(deleteVertex(inserted, { ...vertex, index: vertex.index + 1 })).toEqual(polygon);
      }),
    );
  });

  test("moving one moves no other, and leaves the given polygon as it was", () => {
    fc.assert(
      fc.property(withVertex, ({ polygon, vertex }) => {
        const before = structuredClone(polygon);
        const moved = verticesOf(moveVertex(polygon, vertex, { x: 99, y: 98 }));
        expect(polygon).toEqual(before);
        const { part, ring, index } = vertex;
        for (const [i, now] of moved.entries()) {
          const same = now.part === part && now.ring === ring && now.index === index;
          expect(now.at).toEqual(same ? { x: 99, y: 98 } : verticesOf(polygon)[i]?.at);
        }
      }),
    );
  });

  test("a corner is found within reach, and so is its place", () => {
    fc.assert(
      fc.property(withVertex, ({ polygon, vertex }) => {
        expect(vertexAt(polygon, { x: vertex.at.x + 0.3, y: vertex.at.y }, 0.4)?.at).toEqual(vertex.at);
      }),
    );
    expect(vertexAt(square, { x: 10, y: 10 }, 3)).toBeNull();
  });

  test("an edge is found, the last one of a ring and those of holes too", () => {
    expect(edgeAt(square, { x: 1, y: 10 }, 2)).toMatchObject({ ring: 0, index: 3, at: { x: 0, y: 10 } });
    expect(edgeAt(square, { x: 10, y: 6 }, 2)).toMatchObject({ ring: 1, index: 0, at: { x: 10, y: 5 } });
    expect(edgeAt(square, { x: 3, y: 12 }, 1)).toBeNull();
  });

  test("a triangle's corner takes its ring along: a hole alone, an outer ring with its holes", () => {
    expect(deleteVertex(square, { part: 0, ring: 1, index: 0 })).toEqual([[square[0]?.[0]]]);
    const triangle = [[[0, 0, 9, 0, 9, 9]]];
    expect(deleteVertex(triangle, { part: 0, ring: 0, index: 0 })).toBeNull();
    expect(deleteVertex([...triangle, ...square], { part: 0, ring: 0, index: 2 })).toEqual(square);
  });

  test("a move there and back is no move", () => {
    fc.assert(
      fc.property(polygons, coordinate, (polygon, x) => {
        expect(translate(translate(polygon, { x, y: -x }), { x: -x, y: x })).toEqual(polygon);
      }),
    );
  });
});
