import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overlaps } from "../../geometry/box";
import { placeMinimap, placeTray, traySize } from "./place";

const stage = { width: 1080, height: 800 };
const rectOf = (placed: ReturnType<typeof placeTray>, count: number) => {
  const { width, height } = traySize(count, placed.layout);
  return { x: placed.x, y: placed.y, w: width, h: height };
};

describe("the place of the tray", () => {
  test("lies on the canvas and never covers the object while any side has room", () => {
    const boxes = fc
      .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 700 }))
      .chain(([x, y]) =>
        fc.record({
          x: fc.constant(x),
          y: fc.constant(y),
          w: fc.integer({ min: 1, max: stage.width - x }),
          h: fc.integer({ min: 1, max: stage.height - y }),
        }),
      );
    fc.assert(
      fc.property(boxes, fc.integer({ min: 1, max: 3 }), (box, count) => {
        const tray = rectOf(placeTray([box], count, stage), count);
        const column = traySize(count, "column").width + 24;
        const free = box.x >= column || stage.width - box.x - box.w >= column;
        if (free) expect(overlaps(tray, box)).toBe(false);
        expect(tray.x).toBeGreaterThanOrEqual(0);
        expect(tray.y).toBeGreaterThanOrEqual(0);
        expect(tray.x + tray.w).toBeLessThanOrEqual(stage.width);
        expect(tray.y + tray.h).toBeLessThanOrEqual(stage.height);
      }),
    );
  });

  test("keeps clear of all candidates if it can, else of the chosen one", () => {
    const all = { x: 0, y: 0, w: 1080, h: 800 };
    const chosen = { x: 0, y: 0, w: 300, h: 300 };
    const tray = rectOf(placeTray([all, chosen], 3, stage), 3);
    expect(overlaps(tray, chosen)).toBe(false);
  });

  test("leaves the small map free, beside an object and in a corner", () => {
    const map = placeMinimap({ width: 168, height: 126 }, stage);
    const whole = { x: -500, y: -500, w: 3000, h: 3000 };
    for (const object of [whole, { x: 700, y: 300, w: 380, h: 120 }]) {
      const tray = rectOf(placeTray([object], 3, stage, map), 3);
      expect(overlaps(tray, map)).toBe(false);
    }
    expect(overlaps(rectOf(placeTray([whole], 3, stage), 3), map), "where it would be without one").toBe(
      true,
    );
  });

  test("goes to the corner that hides least when the object fills the canvas", () => {
    const tray = rectOf(placeTray([{ x: 0, y: 0, w: 1080, h: 750 }], 3, stage), 3);
    expect(tray.y + tray.h).toBe(792);
  });
});
