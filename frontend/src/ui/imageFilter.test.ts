import { expect, test } from "vitest";
import { filterOf, filterWords, searchOf } from "./imageFilter";

test("a filter is read from an address as it was written into it", () => {
  const filter = { q: "street & owl", state: "unassigned" };
  expect(filterOf(new URLSearchParams(searchOf(filter)))).toEqual(filter);
  expect(filterWords(filter)).toBe("“street & owl”, Unassigned");
  expect(searchOf({})).toBe("");
  expect(filterOf(new URLSearchParams("?q= &state=lost&from=mine&annotator=x")), "what is none").toEqual({});
  const person = { annotator: "0e2f7a0c-1f0e-4a57-9a3b-0123456789ab" };
  expect(filterOf(new URLSearchParams(searchOf(person)))).toEqual(person);
  expect(filterWords({ state: "open", annotator: "former" })).toBe("Assigned, People who left");
});
