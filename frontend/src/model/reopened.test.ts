import { expect, test } from "vitest";
import { changeAnnotation } from "./actions/changeAnnotations";
import { deleteAnnotations } from "./actions/deleteAnnotations";
import { perform, startHistory } from "./history";
import type { LabeledImage } from "./labeledImage";
import { reopenedBy } from "./reopened";
import { annotation, imageOf } from "./testing";

const accepted = () => startHistory(imageOf(annotation({ id: "a", state: "accepted" })));

const edited = (edit: (image: LabeledImage) => LabeledImage, history = accepted()) =>
  reopenedBy(perform(history, "edit", edit).done.at(-1));

test("changing and deleting what was accepted reopens it", () => {
  expect(edited(changeAnnotation("a", { class_id: "other" }))).toBe("changed");
  expect(edited(deleteAnnotations("a"))).toBe("deleted");
});

test("moving it in the stack does not, nor does a change of what was not accepted", () => {
  expect(edited(changeAnnotation("a", { z: 7 }))).toBeNull();
  const draft = startHistory(imageOf(annotation({ id: "a", state: "draft" })));
  expect(edited(deleteAnnotations("a"), draft)).toBeNull();
  expect(reopenedBy(undefined)).toBeNull();
});
