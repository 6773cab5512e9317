import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { common } from "../../geometry/maskAlgebra";
import { bitmaps, crop } from "../../geometry/testing";
import { boundsOf, pixelsOf } from "../annotation";
import { boxGeometry, maskGeometry, polygonGeometry } from "../geometry";
import { type LabeledImage, labeledImage } from "../labeledImage";
import { anna, annotation } from "../testing";
import { moveAnnotations } from "./moveAnnotations";
import { bringForward, bringToFront, sendBackward, sendToBack } from "./order";
import { type Copied, pasted } from "./paste";
import { intersectAnnotations } from "./reshape";

const size = { width: 20, height: 20 };
const masks = bitmaps.map(crop).filter((mask) => mask.w > 0);
const mask = (id: string, rows: ReturnType<typeof crop>) => annotation({ id, ...maskGeometry(rows, size) });
const triangle = annotation({ id: "triangle", ...polygonGeometry([[[2, 2, 9, 2, 9, 9]]]) });
const square = annotation({ id: "square", ...boxGeometry({ x: 5, y: 5, w: 10, h: 10 }) });
const tag = annotation({ id: "tag", kind: "tag", segmentation: null, bbox: null });
const imageOf = (annotations: Parameters<typeof labeledImage>[1], id = "image"): LabeledImage =>
  labeledImage({ id, ...size }, annotations);

describe("objects are moved", () => {
  test("all by the same whole pixels, as far as the image goes, and keep their shape", () => {
    const far = fc.integer({ min: -30, max: 30 });
    fc.assert(
      fc.property(masks, far, far, (rows, x, y) => {
        const before = imageOf([mask("m", rows), triangle, square]);
        const after = moveAnnotations({ x, y }, "m", "triangle", "square")(before);
        const shifts = [...before.annotations.values()].map((one) => {
          const [from, to] = [boundsOf(one), boundsOf(after.annotations.get(one.id) ?? one)];
          expect([to?.w, to?.h]).toEqual([from?.w, from?.h]);
          return `${(to?.x ?? 0) - (from?.x ?? 0)} ${(to?.y ?? 0) - (from?.y ?? 0)}`;
        });
        expect(new Set(shifts).size).toBe(1);
        expect(pixelsOf(after.annotations.get("m") ?? square).data).toEqual(rows.data);
        for (const one of after.annotations.values()) {
          const box = boundsOf(one);
          expect(box && box.x >= 0 && box.y >= 0 && box.x + box.w <= 20 && box.y + box.h <= 20).toBe(true);
        }
      }),
    );
  });

  test("a move of nothing, or against the edge, is no edit; a tag is nowhere", () => {
    const image = imageOf([mask("m", crop([[1]])), tag]);
    expect(moveAnnotations({ x: -3, y: 0 }, "m")(image)).toBe(image);
    expect(moveAnnotations({ x: 3, y: 3 }, "tag")(image)).toBe(image);
  });
});

describe("objects lie above each other", () => {
  const piles = fc.array(fc.integer({ min: -2, max: 6 }), { minLength: 2, maxLength: 7 });
  const pileOf = (zs: number[]) => imageOf(zs.map((z, i) => annotation({ id: `a${i}`, z })));
  const order = (image: LabeledImage) => [...image.annotations.keys()];

  test("the chosen ones go on top or to the bottom together, and nothing else is touched", () => {
    fc.assert(
      fc.property(piles, (zs) => {
        const before = pileOf(zs);
        const ids = order(before).filter((_, i) => i % 2 === 0);
        const rest = order(before).filter((id) => !ids.includes(id));
        const [top, bottom] = [bringToFront(...ids)(before), sendToBack(...ids)(before)];
        expect(order(top)).toEqual([...rest, ...ids]);
        expect(order(bottom)).toEqual([...ids, ...rest]);
        for (const id of rest) {
          expect(top.annotations.get(id)).toBe(before.annotations.get(id));
          expect(bottom.annotations.get(id)).toBe(before.annotations.get(id));
        }
      }),
    );
  });

  test("one goes past exactly the next that overlaps, whatever the numbers were, and backward undoes forward", () => {
    fc.assert(
      fc.property(piles, fc.nat(), (zs, pick) => {
        const before = pileOf(zs);
        const ids = order(before);
        const at = pick % (ids.length - 1);
        const id = ids[at] ?? "";
        const raised = bringForward(id)(before);
        expect(order(raised)).toEqual(ids.toSpliced(at, 1).toSpliced(at + 1, 0, id));
        expect(order(sendBackward(id)(raised))).toEqual(ids);
        const places = [...raised.annotations.values()].map(({ z }) => z);
        expect(new Set(places.slice(at, at + 2)).size).toBe(2);
      }),
    );
  });

  test("what lies elsewhere is skipped, and the topmost stays as it is", () => {
    const away = annotation({
      id: "away",
      z: 1,
      ...boxGeometry({ x: 6, y: 6, w: 2, h: 2 }),
    });
    const image = imageOf([annotation({ id: "low", z: 0 }), away, annotation({ id: "top", z: 2 })]);
    expect(order(bringForward("low")(image))).toEqual(["away", "top", "low"]);
    expect(bringForward("away")(image)).toBe(image);
    expect(bringToFront("top")(image)).toBe(image);
  });
});

describe("objects are copied", () => {
  let ids = 0;
  const paster = {
    me: anna,
    newId: () => `new-${++ids}`,
    classFor: (id: string) => (id === "sheep" ? id : null),
  };
  const copied: Copied = { imageId: "other", annotations: [mask("m", crop([[1, 1]])), triangle, square] };

  test("to the same place of another image, as new objects that nobody has scored", () => {
    const fresh = pasted(copied, imageOf([]), paster);
    expect(fresh.map(({ kind, source, bbox }) => ({ kind, source, bbox }))).toEqual([
      { kind: "mask", source: "brush", bbox: [0, 0, 2, 1] },
      { kind: "polygon", source: "polygon", bbox: [2, 2, 7, 7] },
      { kind: "box", source: "box", bbox: [5, 5, 10, 10] },
    ]);
    for (const one of fresh) expect(one).toMatchObject({ version: 0, state: "draft", predicted_iou: null });
  });

  test("cut at the edge of a smaller image, and left out when nothing is inside", () => {
    const small = labeledImage({ id: "small", width: 8, height: 4 }, []);
    const fresh = pasted(copied, small, paster);
    expect(fresh.map(({ kind }) => kind)).toEqual(["mask", "polygon"]);
    for (const one of fresh) {
      const box = boundsOf(one);
      expect(box && box.x + box.w <= 8 && box.y + box.h <= 4).toBe(true);
    }
    expect(fresh[0]?.segmentation?.size).toEqual([4, 8]);
  });

  test("a little aside on the image that they are from", () => {
    expect(pasted({ ...copied, imageId: "image" }, imageOf([]), paster)[0]?.bbox).toEqual([10, 10, 2, 1]);
  });

  test("only of classes that are here, and no tag twice", () => {
    const foreign = { ...copied, annotations: [annotation({ class_id: "car" }), tag] };
    expect(pasted(foreign, imageOf([]), paster).map(({ kind }) => kind)).toEqual(["tag"]);
    expect(pasted(foreign, imageOf([tag]), paster)).toEqual([]);
  });
});

test("intersected, the first has what both have; with nothing in common, nothing is done", () => {
  fc.assert(
    fc.property(masks, masks, (a, b) => {
      const image = imageOf([mask("a", a), mask("b", b)]);
      const after = intersectAnnotations("a", "b")(image).annotations.get("a") ?? square;
      const both = common(a, b);
      expect(pixelsOf(after)).toEqual(both.w > 0 ? both : a);
    }),
  );
});
