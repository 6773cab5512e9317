import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reviewItem } from "../testing";
import {
  type Direction,
  marked,
  moved,
  pointed,
  pointedAt,
  type Sheet,
  sheetOf,
  verdictsOf,
  without,
} from "./sheet";

const nine = sheetOf(["a", "b", "c", "d", "e", "f", "g", "h", "i"].map((id) => reviewItem({ id })));
const walk = (sheet: Sheet, columns: number, ...way: Direction[]) =>
  pointedAt(way.reduce((at, direction) => moved(at, direction, columns), sheet))?.id;

const directions = fc.constantFrom<Direction>("left", "right", "up", "down", "first", "last");

describe("moving about in a sheet", () => {
  test("arrows go along the rows and columns", () => {
    expect(walk(nine, 4, "right", "down")).toBe("f");
    expect(walk(nine, 4, "right", "right", "right", "right")).toBe("e");
    expect(walk(nine, 4, "down", "up")).toBe("a");
    expect(walk(nine, 4, "last", "first")).toBe("a");
  });

  test("down leads into a shorter last row, and no further", () => {
    expect(walk(nine, 4, "down", "right", "right", "down")).toBe("i");
    expect(walk(nine, 4, "last", "down")).toBe("i");
    expect(walk(nine, 4, "up")).toBe("a");
  });

  test("wherever one goes, something is pointed at", () => {
    fc.assert(
      fc.property(fc.array(directions), fc.integer({ min: 1, max: 12 }), (way, columns) => {
        expect(walk(nine, columns, ...way)).toBeDefined();
      }),
    );
  });
});

describe("judging a sheet", () => {
  test("what is marked is rejected for its reason, the rest is accepted, each by a verdict of its own", () => {
    const sheet = marked(pointed(nine, "c"), "Wrong object");
    const verdicts = verdictsOf(sheet, "rui");
    expect(verdicts).toHaveLength(9);
    expect(verdicts[2]).toEqual({ annotation: "c", version: 1, verdict: "rejected", reason: "Wrong object" });
    expect(new Set(verdicts.filter((_, i) => i !== 2).map(({ verdict }) => verdict))).toEqual(
      new Set(["accepted"]),
    );
  });

  test("what the reviewer has mended is fixed, and what they drew is not", () => {
    const rui = { id: "rui", name: "Rui" };
    const mended = reviewItem({ id: "a", updated_by: rui, version: 2 });
    const own = reviewItem({ id: "b", updated_by: rui, created_by: rui });
    expect(verdictsOf(sheetOf([mended, own]), "rui").map(({ verdict }) => verdict)).toEqual([
      "fixed",
      "accepted",
    ]);
  });

  test("a mark is taken away again", () => {
    expect(marked(marked(nine, "Rough edge"), null).marks.size).toBe(0);
  });

  test("a sheet without some of its masks keeps the other marks and what is pointed at", () => {
    const sheet = pointed(marked(pointed(nine, "d"), "Rough edge"), "f");
    const rest = without(sheet, new Set(["a", "e", "i"]));
    expect(rest.items.map(({ id }) => id)).toEqual(["b", "c", "d", "f", "g", "h"]);
    expect(pointedAt(rest)?.id).toBe("f");
    expect([...rest.marks]).toEqual([["d", "Rough edge"]]);
    expect(pointedAt(without(sheet, new Set(["f"])))?.id).toBe("g");
  });

  test("marks come back with their masks, and those of others do not", () => {
    const marks = new Map([
      ["b", "Rough edge"],
      ["z", "Rough edge"],
    ]);
    expect([...sheetOf(nine.items, marks).marks.keys()]).toEqual(["b"]);
  });
});
