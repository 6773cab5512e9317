import { expect, test } from "vitest";
import type { Annotation } from "./annotation";
import { imageStateOf } from "./imageState";

const on = (...states: Annotation["state"][]) => states.map((state) => ({ state }));

test.each([
  [null, on(), "new"],
  [null, on("draft"), "in work"],
  ["open", on(), "new"],
  ["open", on("draft"), "in work"],
  ["submitted", on(), "submitted"],
  ["submitted", on("submitted"), "submitted"],
  ["submitted", on("submitted", "accepted"), "in review"],
  ["submitted", on("submitted", "draft"), "in work"],
  ["returned", on("accepted", "draft"), "in work"],
  ["done", on("accepted"), "done"],
  ["done", on("accepted", "draft"), "in work"],
  ["skipped", on("draft"), "skipped"],
] as const)("an assignment that is %s with %j on the image is %s", (state, annotations, expected) => {
  expect(imageStateOf(state && { state }, annotations, false)).toBe(expected);
});

test("an image that a reviewer sent back is returned until it is submitted again, also when it is mended", () => {
  expect(imageStateOf({ state: "returned" }, on("rejected"), true)).toBe("returned");
  expect(imageStateOf({ state: "returned" }, on("draft"), true)).toBe("returned");
});
