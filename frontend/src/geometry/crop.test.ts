import fc from "fast-check";
import { expect, test } from "vitest";
import { intersection } from "./box";
import { cropAround } from "./crop";

const inImage = fc
  .record({ width: fc.integer({ min: 1, max: 9000 }), height: fc.integer({ min: 1, max: 9000 }) })
  .chain((image) =>
    fc
      .record({
        x: fc.nat(image.width - 1),
        y: fc.nat(image.height - 1),
        w: fc.integer({ min: 1, max: image.width }),
        h: fc.integer({ min: 1, max: image.height }),
      })
      .map((box) => ({
        image,
        box: intersection(box, { x: 0, y: 0, w: image.width, h: image.height }),
      })),
  );

test("a crop lies in the image, in whole pixels, and holds all of what it is about", () => {
  fc.assert(
    fc.property(inImage, ({ image, box }) => {
      const crop = cropAround(box, image);
      expect(Object.values(crop).every(Number.isInteger)).toBe(true);
      expect(intersection(crop, { x: 0, y: 0, w: image.width, h: image.height })).toEqual(crop);
      expect(intersection(crop, box)).toEqual(box);
    }),
  );
});

test("crops have one shape and show what is around", () => {
  const image = { width: 6000, height: 4000 };
  expect(cropAround({ x: 3000, y: 2000, w: 400, h: 400 }, image)).toEqual({
    x: 2800,
    y: 1900,
    w: 800,
    h: 600,
  });
  expect(cropAround({ x: 0, y: 3990, w: 8, h: 8 }, image)).toEqual({ x: 0, y: 3944, w: 75, h: 56 });
});

test("of a tag the whole image is shown", () => {
  expect(cropAround(null, { width: 20, height: 10 })).toEqual({ x: 0, y: 0, w: 20, h: 10 });
});
