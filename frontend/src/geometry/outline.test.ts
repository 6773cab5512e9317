import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { traceOutline } from "./outline";
import { rasterise } from "./polygon";
import { bitmaps, crop, paint } from "./testing";

describe("outline", () => {
  test("filling the rings again gives the mask", () => {
    fc.assert(
      fc.property(bitmaps, (rows) => {
        const size = { width: rows[0]?.length ?? 0, height: rows.length };
        const filled = rasterise([traceOutline(crop(rows))], size);
        expect(paint(filled, size)).toEqual(rows);
      }),
    );
  });

  test("a rectangle is four corners, clockwise", () => {
    expect(
      traceOutline(
        crop([
          [0, 0, 0],
          [0, 1, 1],
        ]),
      ),
    ).toEqual([[1, 1, 3, 1, 3, 2, 1, 2]]);
  });

  test("a hole is a ring of its own", () => {
    expect(
      traceOutline(
        crop([
          [1, 1, 1],
          [1, 0, 1],
          [1, 1, 1],
        ]),
      ),
    ).toHaveLength(2);
  });

  test("pixels that touch at a corner are two rings", () => {
    expect(
      traceOutline(
        crop([
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toHaveLength(2);
  });
});
