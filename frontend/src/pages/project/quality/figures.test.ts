import fc from "fast-check";
import { expect, test } from "vitest";
import type { Quality } from "../../../server/types";
import { errorPoints, lastDays, percent, perHundred, randomOrder, stepName } from "./figures";

test("shares are said in whole percents, and of nothing nothing is said", () => {
  expect(percent(6, 7)).toBe("86 %");
  expect(percent(0, 0)).toBe("–");
  expect(perHundred(1, 0)).toBeNull();
});

test("errors are between none and all of a hundred", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), (errors, right) => {
      const found = perHundred(errors, errors + right);
      if (errors + right === 0) expect(found).toBeNull();
      else expect(found).toSatisfy((value: number) => value >= 0 && value <= 100);
    }),
  );
});

test("each step of the queue stands beside the one rate of random order", () => {
  const sample = { reviewed: 40, errors: 2, low: 0.014, high: 0.165 };
  const times = [
    { date: "2026-03-02", first: 10, errors: 4 },
    { date: "2026-03-09", first: 0, errors: 0 },
  ] as unknown as Quality["times"];
  expect(errorPoints({ sample, times })).toEqual([
    { date: "2026-03-02", Queue: 40, "Random order": 5 },
    { date: "2026-03-09", Queue: null, "Random order": 5 },
  ]);
  expect(randomOrder({ sample }).range).toBe("1–17");
  expect(randomOrder({ sample: { reviewed: 0, errors: 0, low: null, high: null } })).toEqual({
    value: null,
    range: "",
  });
});

test("steps are named by their first day, months by their name", () => {
  expect(stepName("2026-03-02", "week")).toBe("2 Mar");
  expect(stepName("2026-03-01", "month")).toBe("Mar 2026");
});

test("the last days end today", () => {
  expect(lastDays(28, new Date("2026-03-28T10:00:00Z"))).toEqual({
    since: "2026-03-01",
    until: "2026-03-28",
  });
});
