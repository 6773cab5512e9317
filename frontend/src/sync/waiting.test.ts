import { expect, test } from "vitest";
import { annotation } from "../model/testing";
import type { Listed } from "./keptEdits";
import { waitingOf } from "./waiting";

const refused = { reason: "The class was deleted.", cure: "edit" } as const;

const record = (image: string, ids: string[], fields: Partial<Listed> = {}): Listed => ({
  person: "anna",
  image,
  name: `${image}.jpg`,
  project: "Sheep",
  width: 8,
  height: 8,
  thumbnail: "",
  classes: [],
  edits: { saved: [], now: ids.map((id) => [id, annotation({ id })]), sent: [], gone: [] },
  why: null,
  at: 1,
  held: false,
  onlyHere: false,
  ...fields,
});

test("what pages left of an image is one thing that waits, the newer page's version of an object on top", () => {
  const older = record("i", ["a", "b"]);
  const newer = record("i", [], { at: 2 });
  const newest = annotation({ id: "b", class_id: "grass" });
  const edits = { ...newer.edits, now: [["b", newest] as [string, typeof newest]], gone: ["c"] };
  const [one, ...others] = waitingOf([older, { ...newer, edits }]);
  expect(others).toEqual([]);
  expect(one).toMatchObject({ image: "i", count: 2, at: 2, held: false });
  expect(new Map(one?.edits.now).get("b")?.class_id).toBe("grass");
  expect(one?.edits.gone).toEqual(["c"]);
});

test("what an open editor is about to send is nobody's business until it was refused", () => {
  expect(waitingOf([record("i", ["a"], { held: true })])).toEqual([]);
  expect(waitingOf([record("i", ["a"], { held: true, why: refused })])).toMatchObject([
    { held: true, why: refused },
  ]);
});

test("images wait for themselves, and one is in an editor's hands only when all of it is", () => {
  const kept = [record("i", ["a"]), record("j", ["b"]), record("i", ["c"], { held: true, why: refused })];
  expect(waitingOf(kept).map(({ image, count, held }) => [image, count, held])).toEqual([
    ["i", 2, false],
    ["j", 1, false],
  ]);
});
