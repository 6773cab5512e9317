import { describe, expect, test } from "vitest";
import type { Annotation } from "./annotation";
import { polygonGeometry } from "./geometry";
import { labeledImage } from "./labeledImage";
import { beyondLimits, MAX_OBJECTS, MAX_POINTS } from "./limits";
import { annotation } from "./testing";

const image = { width: 5000, height: 1000 };
const imageOf = (annotations: Annotation[]) => labeledImage({ id: "image", ...image }, annotations);
const many = (count: number) => imageOf(Array.from({ length: count }, (_, n) => annotation({ id: `n${n}` })));

describe("an edit beyond what the server takes", () => {
  test("of too many objects is refused, and one that leaves fewer is not", () => {
    const [before, after] = [many(MAX_OBJECTS - 1), many(MAX_OBJECTS + 400)];
    expect(beyondLimits(before, after, [])).toBe(
      "An image has at most 10,000 objects, and this would make it 10,400. Delete some first.",
    );
    expect(beyondLimits(after, many(MAX_OBJECTS + 1), [])).toBeNull();
    expect(beyondLimits(before, many(MAX_OBJECTS), [])).toBeNull();
  });

  test("that makes a polygon too intricate is refused, and one beside it is not", () => {
    const zigZag = (points: number) =>
      Array.from({ length: points }, (_, n) => [n % 2 ? 5000 : 0, n / 100]).flat();
    const of = (points: number) => {
      const geometry = polygonGeometry([[zigZag(points)]]);
      return imageOf([annotation({ id: "z", ...geometry }), annotation({ id: "other" })]);
    };
    expect(beyondLimits(many(1), of(9_000), ["z"])).toBeNull();
    expect(beyondLimits(many(1), of(12_000), ["z"])).toBe("This polygon is too intricate. Simplify it more.");
    expect(beyondLimits(many(1), of(12_000), ["other"])).toBeNull();
    expect(beyondLimits(many(1), of(MAX_POINTS + 1), ["z"])).toBe(
      "A polygon has at most 100,000 points, and this one 100,001. Simplify it more.",
    );
  });
});
