import { expect, test } from "vitest";
import { changesOf, clashesOf, keepMine, NOTHING_TYPED, settle, type Typed, typeOver } from "./draft";

interface Fields {
  name: string;
  reasons: string[];
}

const saved: Fields = { name: "Animals", reasons: ["Rough edge"] };
const typed = (change: Partial<Fields>): Typed<Fields> => typeOver(NOTHING_TYPED, saved, change);

test("only what differs from what is saved is a change", () => {
  expect(changesOf(typed({ name: "Birds" }), saved)).toEqual({ name: "Birds" });
  expect(changesOf(typed({ reasons: ["Rough edge"] }), saved)).toEqual({});
  const back = typeOver(typed({ name: "Birds" }), saved, { name: "Animals" });
  expect(changesOf(back, { ...saved, name: "Plants" }), "what was typed back is nobody's").toEqual({});
});

test("a change clashes with another of the same field only", () => {
  const mine = typed({ name: "Birds" });
  expect(clashesOf(mine, { ...saved, reasons: [] })).toEqual([]);
  expect(clashesOf(mine, { ...saved, name: "Plants" })).toEqual(["name"]);
  expect(clashesOf(mine, { ...saved, name: "Birds" }), "both typed the same").toEqual([]);
});

test("keeping my version sends it over the saved one", () => {
  const now = { ...saved, name: "Plants" };
  const kept = keepMine(typed({ name: "Birds" }), now, "name");
  expect(clashesOf(kept, now)).toEqual([]);
  expect(changesOf(kept, now)).toEqual({ name: "Birds" });
  expect(clashesOf(kept, { ...now, name: "Fungi" }), "but not over what comes after").toEqual(["name"]);
});

test("input typed while a change was on its way stays unsaved", () => {
  const sent = { name: "Birds", reasons: ["Wrong"] };
  const more = typeOver(typed(sent), saved, { name: "Birds of prey" });
  const left = settle(more, sent);
  expect(changesOf(left, sent)).toEqual({ name: "Birds of prey" });
  expect(clashesOf(left, sent), "one's own save is no clash").toEqual([]);
  expect(changesOf(left, { ...sent, reasons: [] }), "what is saved is no draft").toEqual({
    name: "Birds of prey",
  });
});
