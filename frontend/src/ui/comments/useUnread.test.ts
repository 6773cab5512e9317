import { renderHook } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import type { Thread } from "../../server/types";
import { useUnread } from "./useUnread";

const [me, other] = [
  { id: "me", name: "Me" },
  { id: "other", name: "Other" },
];
const thread = (id: string, by: typeof me, at: string): Thread =>
  ({ id, by, at, replies: [] }) as unknown as Thread;

const threads = [thread("mine", me, "2026-01-03"), thread("theirs", other, "2026-01-02")];

beforeEach(() => localStorage.clear());

it("marks what others said until it was on show, and keeps the mark while it is", () => {
  const { result, rerender } = renderHook(({ shown }) => useUnread("image", "me", threads, shown), {
    initialProps: { shown: false },
  });
  expect([...result.current]).toEqual(["theirs"]);
  rerender({ shown: true });
  expect([...result.current]).toEqual(["theirs"]);
  rerender({ shown: false });
  expect([...result.current]).toEqual([]);
  expect([...renderHook(() => useUnread("image", "me", threads, false)).result.current]).toEqual([]);
});
