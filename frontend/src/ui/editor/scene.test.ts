import { expect, test } from "vitest";
import { Editor } from "../../editor/Editor";
import { encodeRle } from "../../geometry/rle";
import { anna, annotation, imageOf } from "../../model/testing";
import { sceneMaker } from "./scene";

const sheep = { id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] };
const one = annotation({ id: "one" });

function open() {
  const editor = new Editor({
    image: imageOf(one, annotation({ id: "two", z: 1 })),
    classes: [sheep],
    me: anna,
    readOnly: false,
    ready: true,
    ports: { predict: () => Promise.reject(new Error("Nobody asks.")), newId: () => "new" },
  });
  const sceneOf = sceneMaker(null);
  return {
    editor,
    shapes: () => sceneOf(editor.getSnapshot()).shapes,
    drawnAbove: () => sceneOf(editor.getSnapshot()).overlay.shapes,
  };
}

test("news that say nothing of its geometry draw no object anew", () => {
  const { editor, shapes } = open();
  const before = shapes();
  editor.receive(new Map([["one", { ...one, confidence: 0.9, version: 7 }]]));
  expect(shapes()).toEqual(before);
  shapes().forEach((shape, i) => {
    expect(shape).toBe(before[i]);
  });
});

test("another geometry is drawn anew, and the objects beside it are not", () => {
  const { editor, shapes } = open();
  const [before, beside] = shapes();
  const mask = { x: 3, y: 3, w: 1, h: 1, data: new Uint8Array([1]) };
  const segmentation = encodeRle(mask, { width: 8, height: 8 });
  editor.receive(new Map([["one", { ...one, segmentation, bbox: [3, 3, 1, 1], version: 7 }]]));
  const after = shapes();
  expect(after[0]).not.toBe(before);
  expect(after[1]).toBe(beside);
});

test("a copy that shares its geometry with the first is an object of its own", () => {
  const { editor, shapes } = open();
  editor.receive(new Map([["copy", { ...one, id: "copy", z: 2 }]]));
  expect(new Set(shapes()).size).toBe(3);
  expect(shapes()).toEqual(shapes());
});

test("an earlier version is drawn over the present one, with what would come and go if it came back", () => {
  const { editor, drawnAbove } = open();
  const mask = { x: 3, y: 3, w: 1, h: 1, data: new Uint8Array([1]) };
  const segmentation = encodeRle(mask, { width: 8, height: 8 });
  const past = { ...one, segmentation, bbox: [3, 3, 1, 1] as const };
  editor.showPast(past as never);
  const drawn = drawnAbove();
  expect(drawn.at(-1)).toMatchObject({ annotation: past, outlineOnly: true, dashed: true });
  expect(drawn).toHaveLength(3);
  expect(drawnAbove()[0], "worked out once, not with every move of the image").toBe(drawn[0]);
  editor.showPast(null);
  expect(drawnAbove()).toEqual([]);
});
