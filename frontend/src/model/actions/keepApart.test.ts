import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { common, without } from "../../geometry/maskAlgebra";
import { bitmaps, crop } from "../../geometry/testing";
import { pixelsOf } from "../annotation";
import { maskGeometry } from "../geometry";
import { type LabeledImage, labeledImage } from "../labeledImage";
import { annotation } from "../testing";
import { addAnnotation, addAnnotations } from "./addAnnotation";
import { changeAnnotation } from "./changeAnnotations";
import { keepApart } from "./keepApart";

const size = { width: 12, height: 12 };
const masks = bitmaps.map(crop).filter((mask) => mask.w > 0);
const as = (id: string, mask: ReturnType<typeof crop>) => annotation({ id, ...maskGeometry(mask, size) });
const imageOf = (...all: Parameters<typeof as>[]): LabeledImage =>
  labeledImage(
    { id: "image", ...size },
    all.map(([id, mask], z) => ({ ...as(id, mask), z })),
  );
const pixels = (image: LabeledImage, id: string) => {
  const found = image.annotations.get(id);
  return found && pixelsOf(found);
};

describe("where masks must not overlap", () => {
  test("a new one gets what the old one leaves, and is not made where that is nothing", () => {
    fc.assert(
      fc.property(masks, masks, (old, fresh) => {
        const before = imageOf(["old", old]);
        const after = keepApart(before, addAnnotation(as("new", fresh))(before));
        const rest = without(fresh, old);
        expect(pixels(after, "new")).toEqual(rest.w > 0 ? rest : undefined);
        expect(after.annotations.get("old")).toBe(before.annotations.get("old"));
      }),
    );
  });

  test("several new ones take nothing from each other either, the first comes first", () => {
    fc.assert(
      fc.property(masks, masks, masks, (old, a, b) => {
        const before = imageOf(["old", old]);
        const after = keepApart(before, addAnnotations([as("a", a), as("b", b)])(before));
        const all = [...after.annotations.values()].map(pixelsOf);
        for (const one of all)
          for (const other of all) if (one !== other) expect(common(one, other).w).toBe(0);
      }),
    );
  });

  test("one that grows into another stops at its edge; with nothing left it stays as it was", () => {
    const row = (...pixels: number[]) => crop([pixels]);
    const before = imageOf(["a", row(1, 1)], ["b", row(0, 0, 1, 1)]);
    const grown = keepApart(before, changeAnnotation("a", maskGeometry(row(1, 1, 1, 1), size))(before));
    expect(pixels(grown, "a")).toEqual(row(1, 1));
    const moved = keepApart(before, changeAnnotation("a", maskGeometry(row(0, 0, 1, 1), size))(before));
    expect(moved.annotations.get("a")).toBe(before.annotations.get("a"));
  });

  test("what is only given another class stays, though it overlapped before", () => {
    const before = imageOf(["a", crop([[1, 1]])], ["b", crop([[1, 1]])]);
    const after = changeAnnotation("a", { class_id: "grass" })(before);
    expect(keepApart(before, after)).toBe(after);
  });
});
