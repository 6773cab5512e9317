import fc from "fast-check";
import { expect, test } from "vitest";
import { all, extend, moved, NOTHING, toggle } from "./select";

const order = ["a", "b", "c", "d", "e"];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort();

test("a click selects, a second one takes it back", () => {
  const once = toggle(NOTHING, "b");
  expect(ids(once)).toEqual(["b"]);
  expect(ids(toggle(once, "b"))).toEqual([]);
});

test("Shift selects everything from the last click on, in both directions, and keeps what was selected", () => {
  const start = toggle(toggle(NOTHING, "e"), "c");
  expect(ids(extend(start, "a", order))).toEqual(["a", "b", "c", "e"]);
  expect(ids(extend(start, "d", order))).toEqual(["c", "d", "e"]);
});

test("Shift without a click before selects just that image", () => {
  expect(ids(extend(NOTHING, "d", order))).toEqual(["d"]);
  expect(ids(extend({ ids: new Set(), anchor: "gone" }, "d", order))).toEqual(["d"]);
  expect(ids(all(order))).toEqual(order);
});

test("keys never lead out of the grid", () => {
  const key = fc.constantFrom("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End");
  fc.assert(
    fc.property(
      key,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      (name, length, columns, n) => {
        const target = moved(name, n % length, columns, length);
        expect(target).toBeGreaterThanOrEqual(0);
        expect(target).toBeLessThan(length);
      },
    ),
  );
});

test("the arrows move by one and by a row; other keys do not move", () => {
  expect(moved("ArrowRight", 1, 4, 9)).toBe(2);
  expect(moved("ArrowDown", 1, 4, 9)).toBe(5);
  expect(moved("ArrowDown", 6, 4, 9)).toBe(6);
  expect(moved("End", 1, 4, 9)).toBe(8);
  expect(moved("x", 1, 4, 9)).toBeUndefined();
});
