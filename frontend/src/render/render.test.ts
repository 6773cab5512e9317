import { describe, expect, test } from "vitest";
import { paintMask, rgbOf } from "./maskBitmap";
import { visiblePart } from "./scene";
import { placeIn } from "./thumbnail";

describe("rendering", () => {
  test("only the part of the image on the screen is drawn, and whole pixels of it", () => {
    const image = { width: 1000, height: 800 };
    const screen = { width: 400, height: 300 };
    expect(visiblePart({ image, screen, viewport: { scale: 4, x: -10, y: 20 } })).toEqual({
      x: 2,
      y: 0,
      w: 101,
      h: 70,
    });
    expect(visiblePart({ image, screen, viewport: { scale: 1, x: 500, y: 0 } }).w).toBe(0);
  });

  test("a mask is painted in its class colour and clear elsewhere", () => {
    const mask = { x: 0, y: 0, w: 2, h: 1, data: new Uint8Array([1, 0]) };
    expect([...paintMask(mask, rgbOf("#56b4e9"))]).toEqual([86, 180, 233, 255, 0, 0, 0, 0]);
  });

  test("a colour that is none is grey", () => {
    expect(rgbOf("tomato")).toEqual([128, 128, 128]);
  });

  test("a thumbnail shows its region whole and centred", () => {
    expect(placeIn({ x: 5, y: 5, w: 10, h: 20 }, { width: 100, height: 60 })).toEqual({
      x: 35,
      y: 0,
      w: 30,
      h: 60,
    });
  });
});
