import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossingOf } from "../../geometry/crossing";
import { maskArea } from "../../geometry/mask";
import type { Polygon } from "../../geometry/polygon";
import { bitmaps, crop } from "../../geometry/testing";
import { type Annotation, type LabelClass, pixelsOf } from "../annotation";
import { boxGeometry, maskGeometry, polygonGeometry } from "../geometry";
import { type LabeledImage, labeledImage } from "../labeledImage";
import { NO_RULES, type Rules } from "../rules";
import { annotation } from "../testing";
import { type Finding, findingsOf } from ".";

const SIZE = { width: 12, height: 12 };
const SHEEP: LabelClass = { id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] };
const EXCLUSIVE: Rules = { ...NO_RULES, overlap: "exclusive" };

const imageOf = (...annotations: Annotation[]) => labeledImage({ id: "image", ...SIZE }, annotations);

const found = (image: LabeledImage, { rules = NO_RULES, classes = [SHEEP], id = "a1" } = {}): Finding[] => {
  const one = image.annotations.get(id);
  return one ? findingsOf(one, { image, classes, rules }) : [];
};

const named = (findings: Finding[], check: string) => findings.find((finding) => finding.check === check);

const masked = (rows: number[][], fields: Partial<Annotation> = {}) =>
  annotation({ ...maskGeometry(crop(rows), SIZE), ...fields });

/** A disc of 1 in rows of `size`, large enough for one pixel to be a speck. */
const block = (size: number) => Array.from({ length: size }, () => new Array<number>(size).fill(1));

const polygonal = (polygon: Polygon) => annotation({ ...polygonGeometry(polygon) });

describe("checks", () => {
  it("find nothing in a plain square", () => {
    expect(found(imageOf(masked(block(6))))).toEqual([]);
  });

  it("find a speck and take it away", () => {
    const rows = [...block(11), new Array<number>(11).fill(0)].map((row) => [...row, 0]);
    (rows[11] as number[])[11] = 1;
    const image = imageOf(masked(rows));
    const finding = named(found(image), "specks");
    expect(finding?.sentence).toBe("1 speck beside the object");
    expect(finding?.at).toMatchObject({ x: 11, y: 11, w: 1, h: 1 });
    expect(found(finding?.fix?.action(image) ?? image)).toEqual([]);
  });

  it("find a pinhole but not a window", () => {
    const rows = block(12);
    for (const [y, x] of [
      [2, 2],
      [6, 6],
      [6, 7],
      [7, 6],
      [7, 7],
    ] as const)
      (rows[y] as number[])[x] = 0;
    const image = imageOf(masked(rows));
    const finding = named(found(image), "pinholes");
    expect(finding?.sentence).toBe("1 pinhole in the mask");
    const fixed = finding?.fix?.action(image).annotations.get("a1");
    expect(fixed && maskArea(pixelsOf(fixed))).toBe(140);
  });

  it("leave nothing to fix of what they fixed, whatever the mask", () => {
    fc.assert(
      fc.property(bitmaps, (rows) => {
        fc.pre(rows.flat().includes(1));
        const before = imageOf(masked(rows.map((row) => [...row])));
        for (const check of ["specks", "pinholes"]) {
          const fix = named(found(before), check)?.fix;
          if (fix) expect(named(found(fix.action(before)), check)).toBeUndefined();
        }
      }),
    );
  });

  it("find where a polygon crosses itself, and trace it anew with the same pixels", () => {
    const image = imageOf(polygonal([[[1, 1, 9, 9, 9, 1, 1, 9]]]));
    const finding = named(found(image), "crossing");
    expect(finding?.at).toMatchObject({ x: 1, y: 1 });
    const fixed = finding?.fix?.action(image).annotations.get("a1");
    expect(fixed?.polygon && crossingOf(fixed.polygon)).toBeNull();
    expect(found(imageOf(polygonal([[[1, 1, 9, 1, 9, 9]]])))).toEqual([]);
  });

  it("agree with comparing every edge with every other", () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 11 }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 4, maxLength: 9 }), (points) => {
        expect(crossingOf([[points.flat()]]) !== null).toBe(anyMeet(points));
      }),
      { numRuns: 500 },
    );
  });

  it("find the same object labeled twice, of the same class only", () => {
    const twin = masked(block(6), { id: "a2", z: 1 });
    const finding = named(found(imageOf(masked(block(6)), twin)), "duplicate");
    expect(finding?.sentence).toBe("Almost the same as Sheep 2");
    expect(finding?.fix?.action(imageOf(masked(block(6)), twin)).annotations.has("a1")).toBe(false);
    expect(found(imageOf(masked(block(6)), { ...twin, class_id: "dog" }))).toEqual([]);
    expect(found(imageOf(masked(block(12)), twin))).toEqual([]);
  });

  it("find pixels that another mask has, where none may", () => {
    const image = imageOf(masked(block(8)), masked(block(2), { id: "a2", class_id: "dog" }));
    expect(named(found(image), "overlap")).toBeUndefined();
    const finding = named(found(image, { rules: EXCLUSIVE }), "overlap");
    expect(finding?.sentence).toBe("Takes 4 pixels of 1 other mask");
    expect(found(finding?.fix?.action(image) ?? image, { rules: EXCLUSIVE })).toEqual([]);
  });

  it("cut polygons and boxes at the edge of the image", () => {
    const box = annotation(boxGeometry({ x: -2, y: 3, w: 6, h: 20 }));
    for (const one of [polygonal([[[-3, 2, 6, 2, 6, 20]]]), box]) {
      const image = imageOf(one);
      const fixed = named(found(image), "outside")?.fix?.action(image);
      expect(fixed && named(found(fixed), "outside")).toBeUndefined();
      expect(fixed).not.toBe(image);
    }
  });

  it("say what nobody has said, which only people can", () => {
    const attribute = {
      id: "age",
      name: "Age",
      kind: "choice",
      choices: ["young"],
      required: true,
      default: null,
    } as const;
    const classes = [{ ...SHEEP, attributes: [attribute] }];
    const [finding] = found(imageOf(masked(block(6))), { classes });
    expect(finding).toMatchObject({ check: "unsaid", sentence: "Nobody has said: Age", fix: null });
  });
});

type Place = readonly [number, number];

/** Whether any two edges that are not neighbours have a point in common, by comparing all of them. */
function anyMeet(points: readonly Place[]): boolean {
  const edges = points.map((a, i): [Place, Place] => [a, points[(i + 1) % points.length] ?? a]);
  return edges.some(([a, b], i) =>
    edges.some(([c, d], j) => j > i + 1 && j - i < edges.length - 1 && meet(a, b, c, d)),
  );
}

function meet(a: Place, b: Place, c: Place, d: Place): boolean {
  const turn = (p: Place, q: Place, r: Place) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  const reach = (axis: 0 | 1) =>
    Math.max(Math.min(a[axis], b[axis]), Math.min(c[axis], d[axis])) <=
    Math.min(Math.max(a[axis], b[axis]), Math.max(c[axis], d[axis]));
  const apart = turn(a, b, c) * turn(a, b, d) > 0 || turn(c, d, a) * turn(c, d, b) > 0;
  return !apart && reach(0) && reach(1);
}
