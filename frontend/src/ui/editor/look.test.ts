import { expect, test } from "vitest";
import { PLAIN_LOOK } from "../../editor/personal";
import { minimap } from "../../geometry/viewport";
import { objectColour, photoFilter } from "./look";

test("a photograph in plain light is not filtered at all", () => {
  expect(photoFilter(PLAIN_LOOK)).toBe("");
  expect(photoFilter({ ...PLAIN_LOOK, brightness: 1.5, gamma: 2 })).toBe("url(#photo-gamma) brightness(1.5)");
});

test("an object keeps its colour, and others have others", () => {
  expect(objectColour("a")).toBe(objectColour("a"));
  expect(new Set([..."abcdefgh"].map(objectColour)).size).toBeGreaterThan(4);
});

test("the minimap is there only while less than half of the image is seen", () => {
  const image = { width: 4000, height: 2000 };
  const screen = { width: 1000, height: 500 };
  expect(minimap({ scale: 0.25, x: 0, y: 0 }, screen, image)).toBeNull();
  expect(
    minimap({ scale: 1, x: 0, y: 0 }, { width: 0, height: 0 }, image),
    "before the page is laid out",
  ).toBeNull();
  const map = minimap({ scale: 1, x: -100, y: -50 }, screen, image);
  expect(map).toMatchObject({ width: 168, height: 84, seen: { x: 100, y: 50, w: 1000, h: 500 } });
});
