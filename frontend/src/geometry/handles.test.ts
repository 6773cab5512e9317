import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HANDLES, handleAt, moveWithin, placeOf, resizedBox } from "./handles";

const image = { width: 100, height: 80 };
const boxes = fc
  .record({
    x: fc.nat(90),
    y: fc.nat(70),
    w: fc.integer({ min: 1, max: 10 }),
    h: fc.integer({ min: 1, max: 10 }),
  })
  .filter(({ x, y, w, h }) => x + w <= image.width && y + h <= image.height);
const anywhere = fc.record({ x: fc.integer({ min: -50, max: 150 }), y: fc.integer({ min: -50, max: 150 }) });

describe("the handles of a box", () => {
  test("each is found at its place, and none far from all of them", () => {
    const box = { x: 10, y: 10, w: 40, h: 30 };
    for (const handle of HANDLES) expect(handleAt(box, placeOf(box, handle), 5)).toEqual(handle);
    expect(handleAt(box, { x: 30, y: 25 }, 5)).toBeNull();
  });

  test("dragging one moves only its edges, never out of the image, and the sides stay positive", () => {
    fc.assert(
      fc.property(boxes, fc.constantFrom(...HANDLES), anywhere, (box, handle, to) => {
        const after = resizedBox(box, handle, to, image);
        expect(Math.min(after.x, after.y, after.w, after.h)).toBeGreaterThanOrEqual(0);
        expect(after.x + after.w).toBeLessThanOrEqual(image.width);
        expect(after.y + after.h).toBeLessThanOrEqual(image.height);
        if (handle.h === 0) expect([after.x, after.w]).toEqual([box.x, box.w]);
        if (handle.v === 0) expect([after.y, after.h]).toEqual([box.y, box.h]);
        expect(resizedBox(box, handle, placeOf(box, handle), image)).toEqual(box);
      }),
    );
  });

  test("a box that is dragged stays inside the image", () => {
    fc.assert(
      fc.property(boxes, anywhere, (box, by) => {
        const moved = moveWithin(box, by, image);
        expect(box.x + moved.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.w + moved.x).toBeLessThanOrEqual(image.width);
        expect(box.y + box.h + moved.y).toBeLessThanOrEqual(image.height);
      }),
    );
  });
});
