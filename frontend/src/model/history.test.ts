import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addAnnotation } from "./actions/addAnnotation";
import { changeAnnotation } from "./actions/changeAnnotations";
import { deleteAnnotations } from "./actions/deleteAnnotations";
import { perform, receive, redo, startHistory, stepBetween, undo } from "./history";
import { patchBetween } from "./patch";
import { annotation, imageOf } from "./testing";

const edits = fc.array(
  fc.oneof(
    fc.uuid().map((id) => addAnnotation(annotation({ id }))),
    fc.constantFrom("sheep", "grass").map((class_id) => changeAnnotation("a1", { class_id })),
    fc.constant(deleteAnnotations("a1")),
  ),
  { maxLength: 8 },
);

describe("history", () => {
  test("undoing everything gives the first image, redoing everything the last", () => {
    fc.assert(
      fc.property(edits, (list) => {
        const start = startHistory(imageOf(annotation()));
        const end = list.reduce((history, edit) => perform(history, "edit", edit), start);
        const back = end.done.reduce(undo, end);
        // But for the numbers that were given: they are not given again.
        expect(back.present.annotations).toEqual(start.present.annotations);
        expect(end.done.reduce(redo, back).present).toEqual(end.present);
      }),
    );
  });

  test("undo and redo can be told, and nothing else is", () => {
    const start = startHistory(imageOf());
    const added = perform(start, "new Sheep", addAnnotation(annotation()));
    const back = undo(added);
    expect(stepBetween(start, added)).toBe("");
    expect(stepBetween(added, back)).toBe("Undone: new Sheep");
    expect(stepBetween(back, redo(back))).toBe("Redone: new Sheep");
    expect(stepBetween(back, receive(back, new Map()))).toBe("");
  });

  test("an edit that changes nothing leaves no entry", () => {
    const history = startHistory(imageOf());
    expect(perform(history, "delete", deleteAnnotations("missing"))).toBe(history);
  });

  test("a new edit after an undo forgets what was undone", () => {
    const added = perform(startHistory(imageOf()), "add", addAnnotation(annotation()));
    const again = perform(undo(added), "add another", addAnnotation(annotation({ id: "a2" })));
    expect(again.undone).toEqual([]);
    expect(redo(again)).toBe(again);
  });

  test("undo leaves alone what came from someone else", () => {
    const mine = perform(startHistory(imageOf()), "add", addAnnotation(annotation({ id: "mine" })));
    const theirs = annotation({ id: "theirs", z: 5 });
    const both = receive(mine, new Map([["theirs", theirs]]));
    expect([...undo(both).present.annotations.keys()]).toEqual(["theirs"]);
  });

  test("a new annotation lies on top, and comes back to its place when its deletion is undone", () => {
    const image = imageOf(annotation({ id: "low", z: 0 }), annotation({ id: "high", z: 1 }));
    const deleted = perform(startHistory(image), "delete", deleteAnnotations("low"));
    expect([...undo(deleted).present.annotations.keys()]).toEqual(["low", "high"]);
    const added = addAnnotation(annotation({ id: "new" }))(image);
    expect([...added.annotations.keys()].at(-1)).toBe("new");
    expect(patchBetween(image.annotations, added.annotations).size).toBe(1);
  });
});
