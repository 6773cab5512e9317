import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskGeometry } from "./geometry";
import { labeledImage } from "./labeledImage";
import { acceptedFrom, type Proposal, proposalsLeft } from "./proposal";
import { anna, annotation, imageOf } from "./testing";

const SIZE = { width: 40, height: 30 };

const rectangle = (x: number, y: number, w: number, h: number) =>
  maskGeometry({ x, y, w, h, data: new Uint8Array(w * h).fill(1) }, SIZE);

function proposal(x: number, y: number, w: number, h: number): Proposal {
  const { segmentation, bbox, area } = rectangle(x, y, w, h);
  if (!segmentation || !bbox) throw new Error("A rectangle has both.");
  const scores = { predicted_iou: 1.02, stability_score: 0.94 };
  return { segmentation, bbox, area, ...scores, point_coords: [[x, y]], level: 0 };
}

const imageWith = (...annotations: ReturnType<typeof annotation>[]) =>
  labeledImage({ id: "image", ...SIZE }, annotations);
const sides = fc.integer({ min: 1, max: 14 });
const corners = fc.integer({ min: 0, max: 15 });

describe("the proposals that are left", () => {
  test("are those that no mask, polygon or box covers with an IoU above 0.7", () => {
    fc.assert(
      fc.property(
        corners,
        corners,
        sides,
        sides,
        corners,
        corners,
        sides,
        sides,
        (x, y, w, h, u, v, p, q) => {
          const all = [proposal(x, y, w, h)];
          const shared =
            Math.max(0, Math.min(x + w, u + p) - Math.max(x, u)) *
            Math.max(0, Math.min(y + h, v + q) - Math.max(y, v));
          const expected = shared / (w * h + p * q - shared) > 0.7 ? [] : all;
          const shapes = [
            rectangle(u, v, p, q),
            { kind: "box", segmentation: null, bbox: [u, v, p, q], area: p * q },
            {
              kind: "polygon",
              segmentation: null,
              polygon: [[[u, v, u + p, v, u + p, v + q, u, v + q]]],
              bbox: [u, v, p, q],
              area: p * q,
            },
          ] as const;
          for (const shape of shapes)
            expect(proposalsLeft([...all], imageWith(annotation(shape)))).toEqual(expected);
        },
      ),
    );
  });

  test("stay the same array while annotations come that are something else, so that nothing is drawn again", () => {
    const all = [proposal(0, 0, 5, 5), proposal(10, 10, 5, 5)];
    const first = proposalsLeft(all, imageWith());
    const other = annotation({ id: "b", ...rectangle(20, 20, 5, 5) });
    expect(proposalsLeft(all, imageWith(other))).toBe(first);
    const same = annotation({ id: "c", ...rectangle(0, 0, 5, 5) });
    expect(proposalsLeft(all, imageWith(other, same))).toEqual([all[1]]);
    expect(proposalsLeft(all, imageWith(other))).toEqual(all);
  });
});

describe("an accepted proposal", () => {
  test("keeps its mask, its point, its scores inside [0, 1] and the model", () => {
    const from = proposal(3, 4, 5, 6);
    const accepted = acceptedFrom(from, { id: "n", classId: "sheep", by: anna, model: "mobile_sam@1" });
    expect(accepted).toMatchObject({
      kind: "mask",
      source: "proposal",
      class_id: "sheep",
      segmentation: from.segmentation,
      prompts: [{ points: [{ x: 3, y: 4, label: 1 }], box: null, mask: false }],
      model: "mobile_sam@1",
      predicted_iou: 1,
      stability_score: 0.94,
      confidence: 0.94,
    });
    expect(proposalsLeft([from], imageOf(accepted))).toEqual([]);
  });
});
