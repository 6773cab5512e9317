import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Mask, maskArea } from "../../geometry/mask";
import { unite, without } from "../../geometry/maskAlgebra";
import { partsOf } from "../../geometry/maskParts";
import { bitmaps, crop } from "../../geometry/testing";
import { type Annotation, pixelsOf } from "../annotation";
import { maskGeometry, polygonGeometry } from "../geometry";
import { type LabeledImage, labeledImage } from "../labeledImage";
import { annotation } from "../testing";
import {
  fillHoles,
  growMasks,
  keepLargest,
  mergeAnnotations,
  removeSpecks,
  smoothMasks,
  splitAnnotation,
  subtractAnnotations,
} from "./reshape";

const size = { width: 12, height: 12 };
const masks = bitmaps.map(crop).filter((mask) => mask.w > 0);
const as = (id: string, mask: Mask): Annotation => annotation({ id, ...maskGeometry(mask, size) });
const imageOf = (...annotations: Annotation[]): LabeledImage =>
  labeledImage({ id: "image", ...size }, annotations);
const pixels = (image: LabeledImage, id: string) => {
  const found = image.annotations.get(id);
  return found && pixelsOf(found);
};
const ring = crop([
  [1, 1, 1, 0, 1],
  [1, 0, 1, 0, 0],
  [1, 1, 1, 0, 0],
]);

describe("masks are reshaped", () => {
  test("merged, the first has the pixels of all and the others are gone", () => {
    fc.assert(
      fc.property(masks, masks, (a, b) => {
        const image = mergeAnnotations("a", "b")(imageOf(as("a", a), as("b", b)));
        expect(pixels(image, "a")).toEqual(unite(a, b));
        expect([...image.annotations.keys()]).toEqual(["a"]);
      }),
    );
  });

  test("subtracted, the first has what the other has not; of nothing left, nothing is done", () => {
    fc.assert(
      fc.property(masks, masks, (a, b) => {
        const before = imageOf(as("a", a), as("b", b));
        const image = subtractAnnotations("a", "b")(before);
        const rest = without(a, b);
        expect(pixels(image, "a")).toEqual(rest.w > 0 ? rest : a);
        expect(image.annotations.get("b")).toBe(before.annotations.get("b"));
      }),
    );
  });

  test("split, each part is one annotation of the same class, and together they are the mask", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        let ids = 0;
        const image = splitAnnotation("a", () => `new-${++ids}`)(imageOf(as("a", mask)));
        const parts = partsOf(mask);
        expect(image.annotations.size).toBe(parts.length);
        expect(pixels(image, "a")).toEqual(parts[0]);
        const all = [...image.annotations.values()];
        expect(all.map(pixelsOf).reduce(unite)).toEqual(mask);
        expect(new Set(all.map(({ z }) => z)).size).toBe(all.length);
        expect(
          all.every(({ class_id, id, version }) => class_id === "sheep" && version === (id === "a" ? 1 : 0)),
        ).toBe(true);
      }),
    );
  });

  test("what would change nothing leaves the very same image, so no entry", () => {
    const square = imageOf(as("a", crop([[1, 1]])));
    for (const action of [
      fillHoles("a"),
      keepLargest("a"),
      removeSpecks("a"),
      mergeAnnotations("a"),
      splitAnnotation("a", () => "new"),
      subtractAnnotations("a", "missing"),
    ])
      expect(action(square)).toBe(square);
  });

  test("holes are filled, the largest part kept, specks removed", () => {
    const image = imageOf(as("a", ring));
    const area = (done: LabeledImage) => maskArea(pixels(done, "a") ?? ring);
    expect(area(fillHoles("a")(image))).toBe(10);
    expect(area(keepLargest("a")(image))).toBe(8);
    const large = { x: 0, y: 0, w: 12, h: 10, data: new Uint8Array(120).fill(1) };
    const speck = { x: 11, y: 11, w: 1, h: 1, data: new Uint8Array([1]) };
    expect(area(removeSpecks("a")(imageOf(as("a", unite(large, speck)))))).toBe(120);
    expect(removeSpecks("a")(image)).toBe(image);
  });

  test("a polygon is merged by its pixels and becomes a mask", () => {
    const polygon = annotation({ id: "p", ...polygonGeometry([[[0, 0, 4, 0, 4, 4, 0, 4]]]) });
    const image = mergeAnnotations("p", "a")(imageOf(polygon, as("a", crop([[1]]))));
    expect(image.annotations.get("p")).toMatchObject({ kind: "mask", polygon: null, area: 16 });
  });

  test("grown, they hold what they were, and shrunk again they still do; smoothed, something is left", () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 1, max: 3 }), (mask, by) => {
        const before = imageOf(as("a", mask));
        const wide = growMasks(by, "a")(before);
        expect(without(mask, pixels(wide, "a") ?? mask).w).toBe(0);
        const back = pixels(growMasks(-by, "a")(wide), "a");
        expect(without(mask, back ?? mask).w).toBe(0);
        expect(pixels(smoothMasks("a")(before), "a")?.w).toBeGreaterThan(0);
      }),
    );
  });

  test("a mask of which shrinking leaves nothing stays, and the same pixels are no edit", () => {
    const image = imageOf(as("a", crop([[1, 1]])));
    expect(growMasks(-1, "a")(image)).toBe(image);
    const full = imageOf(as("a", crop(Array.from({ length: 12 }, () => new Array(12).fill(1)))));
    expect(growMasks(2, "a")(full)).toBe(full);
    expect(smoothMasks("a")(full)).toBe(full);
  });
});
