import { describe, expect, test } from "vitest";
import { boundsOf } from "./annotation";
import { type LabeledImage, labeledImage, patched } from "./labeledImage";
import { annotationsAt, countByClass, groupByClass, nameOf, objectsOf, tagOf, theOnly } from "./lookup";
import { annotation, imageOf } from "./testing";

const image = imageOf(
  annotation({ id: "mask", z: 0 }),
  annotation({ id: "box", z: 1, kind: "box", segmentation: null, bbox: [1, 1, 4, 4], class_id: "fence" }),
  annotation({
    id: "polygon",
    z: 2,
    kind: "polygon",
    segmentation: null,
    polygon: [[[0, 0, 8, 0, 8, 8, 0, 8]]],
    bbox: [0, 0, 8, 8],
  }),
);
const ids = (x: number, y: number, hidden: string[] = []) =>
  annotationsAt(image, { x, y }, new Set(hidden)).map((a) => a.id);

describe("lookup", () => {
  test("what lies under a point, the topmost first", () => {
    expect(ids(1.5, 1.5)).toEqual(["polygon", "box", "mask"]);
    expect(ids(0.5, 0.5)).toEqual(["polygon", "mask"]);
    expect(ids(7, 7)).toEqual(["polygon"]);
  });

  test("hidden annotations are not found", () => {
    expect(ids(1.5, 1.5, ["polygon", "box"])).toEqual(["mask"]);
  });

  test("an annotation is called by its class and its number in the image", () => {
    const classes = [{ id: "sheep", name: "Sheep", colour: "#000000", attributes: [] }];
    expect(nameOf(image, classes, "polygon")).toBe("Sheep 3");
    expect(nameOf(image, classes, "box")).toBe("object 2");
    const rest = patched(image, new Map([["mask", null]]));
    expect(nameOf(rest, classes, "polygon"), "also when another one is deleted").toBe("Sheep 3");
  });

  test("the only selected one is none where several are selected", () => {
    expect(theOnly(image, ["box"])?.id).toBe("box");
    expect(theOnly(image, ["box", "mask"])).toBeUndefined();
    expect(theOnly(image, [])).toBeUndefined();
  });

  test("groups follow the order of the classes", () => {
    const classes = ["fence", "sheep", "other"].map((id) => ({
      id,
      name: id,
      colour: "#000000",
      attributes: [],
    }));
    expect(groupByClass(image, classes).map((g) => g.members.map((m) => m.name))).toEqual([
      ["fence 2"],
      ["sheep 1", "sheep 3"],
    ]);
  });
});

describe("a tag is of the whole image", () => {
  const tag = annotation({ id: "tag", kind: "tag", segmentation: null, bbox: [0, 0, 8, 8], z: 9 });
  const image = imageOf(annotation({ id: "sheep" }), tag);

  test("so it lies nowhere, is no object, and is found by its class", () => {
    expect(annotationsAt(image, { x: 1, y: 1 }, new Set()).map(({ id }) => id)).toEqual(["sheep"]);
    expect(boundsOf(tag)).toBeNull();
    expect(objectsOf(image).map(({ id }) => id)).toEqual(["sheep"]);
    expect(countByClass(image).get("sheep")).toBe(1);
    expect(tagOf(image, "sheep")).toBe(tag);
    expect(nameOf(image, [{ id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] }], "tag")).toBe(
      "tag Sheep",
    );
  });
});

describe("the numbers of an image's objects", () => {
  const numbers = (image: LabeledImage) => [...image.annotations.values()].map(({ number }) => number);

  test("go on after every number that there ever was", () => {
    const opened = labeledImage({ id: "i", width: 8, height: 8, numbered: 4 }, [annotation({ number: 2 })]);
    const more = patched(opened, new Map([["new", annotation({ id: "new", z: 1 })]]));
    expect(numbers(more)).toEqual([2, 5]);
    const less = patched(more, new Map([["new", null]]));
    expect(numbers(patched(less, new Map([["newer", annotation({ id: "newer", z: 1 })]])))).toEqual([2, 6]);
    expect(numbers(patched(less, new Map([["new", more.annotations.get("new") ?? null]])))).toEqual([2, 5]);
  });

  test("are the server's where it gives another one, and none for tags", () => {
    const mine = patched(imageOf(annotation()), new Map([["new", annotation({ id: "new", z: 1 })]]));
    const theirs = patched(mine, new Map([["new", annotation({ id: "new", z: 1, number: 7 })]]));
    expect(numbers(theirs)).toEqual([1, 7]);
    const tag = annotation({ id: "tag", kind: "tag", segmentation: null, z: 9 });
    expect(numbers(patched(theirs, new Map([["tag", tag]])))).toEqual([1, 7, 0]);
    expect(patched(theirs, new Map([["tag", tag]])).numbered).toBe(7);
  });
});
