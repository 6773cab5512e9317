import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenNotBusy } from "./busy";
import { Problem } from "./problem";

const overloaded = () =>
  new Problem({ status: 503, code: "overloaded", detail: "Too many.", body: { retry_after: 2 } });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a server that is too busy is asked again when it says, and nobody hears of it", async () => {
  const ask = vi.fn().mockRejectedValueOnce(overloaded()).mockResolvedValueOnce("candidates");
  const answer = whenNotBusy(ask);
  await vi.advanceTimersByTimeAsync(1400);
  expect(ask).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1200);
  expect(await answer).toBe("candidates");
});

test("one that stays too busy is given up after a few times", async () => {
  const ask = vi.fn().mockImplementation(() => Promise.reject(overloaded()));
  const answer = whenNotBusy(ask).catch((error: Problem) => error.code);
  await vi.runAllTimersAsync();
  expect(await answer).toBe("overloaded");
  expect(ask).toHaveBeenCalledTimes(5);
});

test("any other problem is told at once", async () => {
  const away = new Problem({ status: 503, code: "database_unavailable", detail: "Away." });
  const ask = vi.fn().mockRejectedValue(away);
  await expect(whenNotBusy(ask)).rejects.toBe(away);
  expect(ask).toHaveBeenCalledTimes(1);
});

test("an upload goes on asking for as long as it was told to", async () => {
  const ask = vi.fn().mockImplementation(() => Promise.reject(overloaded()));
  const answer = whenNotBusy(ask, 20).catch((error: Problem) => error.code);
  await vi.runAllTimersAsync();
  expect(await answer).toBe("overloaded");
  expect(ask).toHaveBeenCalledTimes(21);
});
