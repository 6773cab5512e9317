import { describe, expect, test } from "vitest";
import { trimmed } from "../geometry/maskAlgebra";
import { pixelsOf } from "./annotation";
import { draftOf } from "./conversion";
import { maskGeometry, polygonGeometry } from "./geometry";
import { labeledImage } from "./labeledImage";
import { annotation } from "./testing";

const size = { width: 40, height: 40 };
const disc = new Uint8Array(900).map((_, i) => (((i % 30) - 15) ** 2 + (i / 30 - 15) ** 2 < 200 ? 1 : 0));
const mask = annotation({
  id: "m",
  ...maskGeometry(trimmed({ x: 2, y: 2, w: 30, h: 30, data: disc }), size),
});
const polygon = annotation({ id: "p", ...polygonGeometry([[[1, 1, 9, 1, 9, 9]]]) });
const image = labeledImage({ id: "image", ...size }, [mask, polygon]);

describe("a mask on its way to a polygon", () => {
  test("says how many points it would have and how much it would be the same", () => {
    const exact = draftOf({ id: "m", tolerance: 0 }, image);
    const rough = draftOf({ id: "m", tolerance: 3 }, image);
    expect(exact).toMatchObject({ iou: 1, annotation: { id: "m", kind: "polygon", segmentation: null } });
    expect(pixelsOf(exact?.annotation ?? polygon).data).toEqual(pixelsOf(mask).data);
    expect(rough?.points).toBeLessThan(exact?.points ?? 0);
    expect(rough?.iou).toBeLessThan(1);
    expect(draftOf({ id: "m", tolerance: 3 }, image)).toBe(rough);
  });

  test("only masks are, and only those of which something would be left", () => {
    expect(draftOf({ id: "p", tolerance: 1 }, image)).toBeNull();
    expect(draftOf({ id: "gone", tolerance: 1 }, image)).toBeNull();
    expect(draftOf({ id: "m", tolerance: 100 }, image)).toBeNull();
  });
});
