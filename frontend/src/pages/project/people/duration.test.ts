import { expect, test } from "vitest";
import { duration } from "./TimeSpent";

test("time that people worked is said to the second below an hour, and to the minute above", () => {
  expect([4, 60, 125, 3780].map(duration)).toEqual(["4 s", "1 min 0 s", "2 min 5 s", "1 h 3 min"]);
});
