import { describe, expect, test } from "vitest";
import { boundsOf } from "./annotation";
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
    expect(nameOf(image, classes, "polygon")).toBe("Sheep 2");
    expect(nameOf(image, classes, "box")).toBe("object 1");
  });

  test("the only selected one is none where several are selected", () => {
    expect(theOnly(image, ["box"])?.id).toBe("box");
    expect(theOnly(image, ["box", "mask"])).toBeUndefined();
    expect(theOnly(image, [])).toBeUndefined();
  });

  test("groups follow the order of the classes and number their members", () => {
    const classes = ["fence", "sheep", "other"].map((id) => ({
      id,
      name: id,
      colour: "#000000",
      attributes: [],
    }));
    expect(groupByClass(image, classes).map((g) => g.members.map((m) => m.name))).toEqual([
      ["fence 1"],
      ["sheep 1", "sheep 2"],
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
