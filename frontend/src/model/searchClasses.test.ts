import { expect, test } from "vitest";
import { searchClasses } from "./searchClasses";

const classes = ["Zebra", "Grévy's zebra", "Okapi", "Small brazen thing"].map((name) => ({
  id: name,
  name,
  colour: "#000000",
  attributes: [],
}));
const names = (query: string) => searchClasses(classes, query).map(({ name }) => name);

test("classes are found by the beginning of their name first, then by a word, then by any part", () => {
  expect(names("z")).toEqual(["Zebra", "Grévy's zebra", "Small brazen thing"]);
  expect(names("bra")).toEqual(["Small brazen thing", "Zebra", "Grévy's zebra"]);
});

test("of equally good ones those that were chosen last come first", () => {
  const recent = (query: string) =>
    searchClasses(classes, query, ["gone", "Okapi", "Zebra"]).map(({ name }) => name);
  expect(recent("")).toEqual(["Okapi", "Zebra", "Grévy's zebra", "Small brazen thing"]);
  expect(recent("bra")).toEqual(["Small brazen thing", "Zebra", "Grévy's zebra"]);
});

test("accents, capitals and spaces around do not matter, and signs mean themselves", () => {
  expect(names(" GREVY ")).toEqual(["Grévy's zebra"]);
  expect(names(".*")).toEqual([]);
});

test("without a search all are there, in the project's order", () => {
  expect(names("")).toEqual(classes.map(({ name }) => name));
});
