import { expect, test } from "vitest";
import { filterOf, filterWords, searchOf } from "./imageFilter";

test("a filter is read from an address as it was written into it", () => {
  const filter = { q: "street & owl", state: "unassigned" };
  expect(filterOf(new URLSearchParams(searchOf(filter)))).toEqual(filter);
  expect(filterWords(filter)).toBe("“street & owl”, Unassigned");
  expect(searchOf({})).toBe("");
  expect(filterOf(new URLSearchParams("?q= &state=lost&from=mine")), "what is none").toEqual({});
});
