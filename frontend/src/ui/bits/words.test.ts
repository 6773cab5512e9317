import { expect, test } from "vitest";
import { about, bytes, counted } from "./number";
import { CLASS_COLOURS, nextColour } from "./palette";
import { relativeTime } from "./time";

const now = new Date("2026-03-01T12:00:00Z");
const before = (seconds: number) => relativeTime(new Date(now.getTime() - seconds * 1000), now);

test("times are said as people say them", () => {
  expect(before(20)).toBe("just now");
  expect(before(59 * 60)).toBe("59 minutes ago");
  expect(before(3 * 3600 + 1799)).toBe("3 hours ago");
  expect(before(86_400)).toBe("yesterday");
  expect(before(-1800)).toBe("in 30 minutes");
});

test("counts agree with their noun, bytes have a unit", () => {
  expect(counted(1, "image")).toBe("1 image");
  expect(counted(12_000, "mask")).toBe("12,000 masks");
  expect([0, 999, 1_500, 28_085_517].map(bytes)).toEqual(["0 B", "999 B", "1.5 kB", "28 MB"]);
});

test("a time that nobody knows exactly is said in round figures", () => {
  expect([0, 14, 31, 60, 100, 599, 5_500].map(about)).toEqual([
    "a few seconds",
    "a few seconds",
    "about 40 s",
    "about 1 min",
    "about 2 min",
    "about 10 min",
    "about 2 h",
  ]);
});

test("a new class gets a colour that no other has, as long as there is one", () => {
  expect(nextColour([])).toBe(CLASS_COLOURS[0]);
  expect(nextColour([CLASS_COLOURS[1], CLASS_COLOURS[0]])).toBe(CLASS_COLOURS[2]);
  expect(CLASS_COLOURS).toContain(nextColour(CLASS_COLOURS));
});
