import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  boxToScreen,
  closeUp,
  fitImage,
  MAX_SCALE,
  minScale,
  pan,
  showAmong,
  showBox,
  toImage,
  toScreen,
  visibleBox,
  zoomAt,
} from "./viewport";

const coordinate = fc.double({ min: -5000, max: 5000, noNaN: true });
const points = fc.record({ x: coordinate, y: coordinate });
const viewports = fc.record({
  scale: fc.double({ min: 0.05, max: MAX_SCALE, noNaN: true }),
  x: coordinate,
  y: coordinate,
});
const side = fc.integer({ min: 1, max: 12000 });
const sizes = fc.record({ width: side, height: side });
const screens = fc.record({
  width: fc.integer({ min: 200, max: 4000 }),
  height: fc.integer({ min: 200, max: 4000 }),
});

describe("viewport", () => {
  test("image to screen and back is the same point", () => {
    fc.assert(
      fc.property(viewports, points, (v, p) => {
        const back = toImage(v, toScreen(v, p));
        expect(back.x).toBeCloseTo(p.x, 6);
        expect(back.y).toBeCloseTo(p.y, 6);
      }),
    );
  });

  test("zooming keeps the image point under the pointer", () => {
    fc.assert(
      fc.property(viewports, points, fc.double({ min: 0.2, max: 5, noNaN: true }), (v, pointer, factor) => {
        const before = toImage(v, pointer);
        const after = toImage(zoomAt(v, pointer, factor, 0.01), pointer);
        expect(Math.abs(after.x - before.x)).toBeLessThan(1e-6 * Math.max(1, Math.abs(before.x)));
        expect(Math.abs(after.y - before.y)).toBeLessThan(1e-6 * Math.max(1, Math.abs(before.y)));
      }),
    );
  });

  test("a fitted image lies whole and centred on the screen", () => {
    fc.assert(
      fc.property(sizes, screens, (image, screen) => {
        const box = boxToScreen(fitImage(image, screen), { x: 0, y: 0, w: image.width, h: image.height });
        expect(box.x).toBeGreaterThanOrEqual(-1e-6);
        expect(box.y).toBeGreaterThanOrEqual(-1e-6);
        expect(box.x + box.w / 2).toBeCloseTo(screen.width / 2, 6);
        expect(box.y + box.h / 2).toBeCloseTo(screen.height / 2, 6);
      }),
    );
  });

  test("zoom stops at its limits", () => {
    const [image, screen] = [
      { width: 1000, height: 800 },
      { width: 500, height: 400 },
    ];
    const lowest = minScale(image, screen);
    const v = fitImage(image, screen);
    expect(zoomAt(v, { x: 0, y: 0 }, 1e6, lowest).scale).toBe(MAX_SCALE);
    expect(zoomAt(v, { x: 0, y: 0 }, 1e-6, lowest).scale).toBe(lowest);
  });

  test("panning never loses the image", () => {
    fc.assert(
      fc.property(sizes, screens, points, (image, screen, by) => {
        const v = pan(fitImage(image, screen), { x: by.x * 10, y: by.y * 10 }, image, screen);
        const box = boxToScreen(v, { x: 0, y: 0, w: image.width, h: image.height });
        expect(box.x).toBeLessThan(screen.width);
        expect(box.x + box.w).toBeGreaterThan(0);
        expect(box.y).toBeLessThan(screen.height);
        expect(box.y + box.h).toBeGreaterThan(0);
      }),
    );
  });

  test("showing a box leaves the margin around it", () => {
    const v = showBox({ x: 100, y: 100, w: 50, h: 20 }, { width: 400, height: 400 }, 50);
    expect(boxToScreen(v, { x: 100, y: 100, w: 50, h: 20 })).toEqual({ x: 50, y: 140, w: 300, h: 120 });
  });

  test("an object among its surroundings fills half of a side at most, and no screen is wasted beside the image", () => {
    const image = { width: 1000, height: 800 };
    const screen = { width: 500, height: 500 };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 990 }),
        fc.integer({ min: 0, max: 790 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 800 }),
        (x, y, width, height) => {
          const box = { x, y, w: Math.min(width, 1000 - x), h: Math.min(height, 800 - y) };
          const view = showAmong(box, image, screen, { share: 0.5, scale: 8 });
          const shown = boxToScreen(view, box);
          const whole = fitImage(image, screen);
          if (view.scale > whole.scale + 1e-9)
            expect(Math.max(shown.w / screen.width, shown.h / screen.height)).toBeLessThanOrEqual(0.5 + 1e-9);
          expect(view.scale).toBeLessThanOrEqual(8 + 1e-9);
          const seen = visibleBox(view, screen, image);
          expect(seen.x <= x && seen.y <= y, "all of it is seen").toBe(true);
          expect(seen.x + seen.w >= x + box.w && seen.y + seen.h >= y + box.h).toBe(true);
          const edges = boxToScreen(view, { x: 0, y: 0, w: image.width, h: image.height });
          if (edges.w > screen.width) expect(edges.x).toBeLessThanOrEqual(24);
          if (edges.h > screen.height) expect(edges.y + edges.h).toBeGreaterThanOrEqual(screen.height - 24);
        },
      ),
    );
  });

  test("a close-up is the part of a large image that is seen, when that is half of it or less", () => {
    const large = { width: 6000, height: 4000 };
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 8, noNaN: true }), points, screens, (scale, p, screen) => {
        const viewport = { scale, x: -Math.abs(p.x), y: -Math.abs(p.y) };
        const { x, y, w, h } = visibleBox(viewport, screen, large);
        const expected = w > 0 && h > 0 && Math.max(w, h) <= 3000 ? [x, y, x + w, y + h] : null;
        expect(closeUp(viewport, screen, large)).toEqual(expected);
        expect(closeUp(viewport, screen, { width: 1500, height: 1000 })).toBeNull();
      }),
    );
    const zoomedIn = { scale: 1, x: -1000, y: -500 };
    expect(closeUp(zoomedIn, { width: 1100, height: 800 }, large)).toEqual([1000, 500, 2100, 1300]);
  });
});
