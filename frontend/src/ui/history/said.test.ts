import { expect, test } from "vitest";
import type { HistoryEntry, Thread } from "../../server/types";
import { inTime, saidAbout } from "./said";

const at = (minute: number) => `2030-01-01T00:${String(minute).padStart(2, "0")}:00Z`;
const entry = (seq: number, minute: number) => ({ seq, at: at(minute) }) as HistoryEntry;
const comment = (id: string, minute: number, more: object = {}) =>
  ({
    id,
    text: id,
    at: at(minute),
    annotation: "a",
    verdict: null,
    replies: [],
    ...more,
  }) as unknown as Thread;

const names = (lines: ReturnType<typeof inTime>) =>
  lines.map((line) => ("text" in line ? line.text : line.seq));

test("what was said stands among what happened, in its place in time", () => {
  const said = saidAbout("a", [comment("early", 2, { replies: [comment("answer", 6)] }), comment("late", 9)]);
  expect(names(inTime([entry(3, 8), entry(2, 5), entry(1, 1)], said, true))).toEqual([
    "late",
    3,
    "answer",
    2,
    "early",
    1,
  ]);
});

test("only what is about the object, and not again what came with a verdict", () => {
  const threads = [
    comment("elsewhere", 1, { annotation: "b" }),
    comment("with a verdict", 2, { verdict: "v", replies: [comment("but why?", 3)] }),
  ];
  expect(saidAbout("a", threads).map(({ text }) => text)).toEqual(["but why?"]);
});

test("what was said before all that is loaded waits until that is", () => {
  const said = saidAbout("a", [comment("early", 2)]);
  const entries = [entry(3, 8), entry(2, 5)];
  expect(names(inTime(entries, said, false))).toEqual([3, 2]);
  expect(names(inTime(entries, said, true))).toEqual([3, 2, "early"]);
});

test("what happened at the same moment stays in the order of the log", () => {
  expect(names(inTime([entry(3, 5), entry(2, 5), entry(1, 5)], [], true))).toEqual([3, 2, 1]);
});
