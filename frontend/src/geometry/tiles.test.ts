import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxOf, keyOf, levelFor, type Pyramid, stepOf, tilesIn, wantedTiles } from "./tiles";

const TILE = 512;

function pyramidOf(width: number, height: number): Pyramid {
  const levels = [{ width, height }];
  for (let size = levels[0]; size && Math.max(size.width, size.height) > TILE; size = levels[0])
    levels.unshift({ width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) });
  return { image: { width, height }, tileSize: TILE, levels };
}

const sides = fc.integer({ min: 1, max: 30_000 });
const pyramids = fc.tuple(sides, sides).map(([width, height]) => pyramidOf(width, height));
const scales = fc.double({ min: 0.01, max: 64, noNaN: true });
const shares = fc.double({ min: 0, max: 1, noNaN: true });

const looks = fc.tuple(pyramids, shares, shares, shares, shares).map(([pyramid, a, b, c, d]) => {
  const { width, height } = pyramid.image;
  const [x, y] = [Math.floor(a * (width - 1)), Math.floor(b * (height - 1))];
  return {
    pyramid,
    box: { x, y, w: 1 + Math.floor(c * (width - x - 1)), h: 1 + Math.floor(d * (height - y - 1)) },
  };
});

describe("which tiles show a part of an image", () => {
  test("those of one level cover every pixel of it once, and each shows some of it", () => {
    fc.assert(
      fc.property(looks, shares, ({ pyramid, box }, share) => {
        const level = Math.floor(share * (pyramid.levels.length - 1));
        const boxes = tilesIn(pyramid, level, box).map((tile) => boxOf(pyramid, tile));
        const seen = boxes.map((each) => {
          const w = Math.min(each.x + each.w, box.x + box.w) - Math.max(each.x, box.x);
          const h = Math.min(each.y + each.h, box.y + box.h) - Math.max(each.y, box.y);
          return w > 0 && h > 0 ? w * h : Number.NaN;
        });
        expect(seen.reduce((sum, area) => sum + area, 0)).toBe(box.w * box.h);
      }),
    );
  });

  test("all of them lie in their level", () => {
    fc.assert(
      fc.property(looks, scales, ({ pyramid, box }, scale) => {
        for (const { level, x, y } of wantedTiles(pyramid, levelFor(pyramid, scale), box)) {
          const size = pyramid.levels[level];
          expect(size && x * TILE < size.width && y * TILE < size.height && x >= 0 && y >= 0).toBe(true);
        }
      }),
    );
  });

  test("the level has a pixel for each of the screen's where there is one, and not four", () => {
    fc.assert(
      fc.property(pyramids, scales, (pyramid, scale) => {
        const level = levelFor(pyramid, scale);
        const pixels = stepOf(pyramid, level) * scale;
        const last = pyramid.levels.length - 1;
        expect(level === last || pixels <= 1 + 1e-9).toBe(true);
        expect(level === 0 || pixels > 0.5 - 1e-9).toBe(true);
      }),
    );
  });

  test("a coarse picture is loaded first, and nothing twice", () => {
    fc.assert(
      fc.property(looks, scales, ({ pyramid, box }, scale) => {
        const level = levelFor(pyramid, scale);
        const wanted = wantedTiles(pyramid, level, box);
        expect(new Set(wanted.map(keyOf)).size).toBe(wanted.length);
        expect(wanted[0]?.level).toBe(Math.max(0, level - 2));
      }),
    );
  });

  test("nothing is seen, nothing is wanted", () => {
    expect(wantedTiles(pyramidOf(9000, 9000), 3, { x: 0, y: 0, w: 0, h: 10 }).length).toBeLessThanOrEqual(4);
    expect(tilesIn(pyramidOf(9000, 9000), 3, { x: 0, y: 0, w: 0, h: 10 })).toEqual([]);
  });
});
