import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Creation } from "./creation";
import { Problem, unreachable } from "./problem";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Wish {
  name: string;
  thread?: string;
}

/** A server that answers as told, and what it was sent. */
function server(...answers: (string | Error)[]) {
  const sent: { name: string; opId: string }[] = [];
  const create = async ({ name }: Wish, opId: string) => {
    sent.push({ name, opId });
    const answer = answers[sent.length - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const creation = new Creation<string | undefined>();
  return { sent, send: (wish: Wish) => creation.send(create, wish, wish.thread ?? "") };
}

test("a double click is one request, also when the answer comes between its halves", async () => {
  const { send, sent } = server("first", "second");
  const [one, two] = [send({ name: "a" }), send({ name: "a" })];
  expect([await one, await two]).toEqual(["first", "first"]);
  await vi.advanceTimersByTimeAsync(300);
  expect(await send({ name: "a" })).toBe("first");
  expect(sent).toHaveLength(1);
});

test("the same wish some time later is another one, and so is another wish at once", async () => {
  const { send, sent } = server("first", "second", "third");
  await send({ name: "a" });
  expect(await send({ name: "b" })).toBe("second");
  await vi.advanceTimersByTimeAsync(1000);
  expect(await send({ name: "b" })).toBe("third");
  expect(new Set(sent.map(({ opId }) => opId)).size).toBe(3);
});

test("a try that failed is the same operation until one succeeds", async () => {
  const { send, sent } = server(unreachable(), unreachable(), "made", "next");
  await expect(send({ name: "a" })).rejects.toThrow();
  await expect(send({ name: "a, in other words" })).rejects.toThrow();
  expect(await send({ name: "a" })).toBe("made");
  await send({ name: "b" });
  const ids = sent.map(({ opId }) => opId);
  expect(new Set(ids.slice(0, 3)).size).toBe(1);
  expect(ids[3]).not.toBe(ids[0]);
});

test("a first try that had succeeded after all is told, and the next wish is a new operation", async () => {
  const reused = new Problem({ status: 409, code: "op_id_reused", detail: "Used." });
  const { send, sent } = server(unreachable(), reused, "made");
  await expect(send({ name: "a" })).rejects.toThrow();
  await expect(send({ name: "b" })).rejects.toThrow(/first attempt reached the server/);
  expect(await send({ name: "b" })).toBe("made");
  expect(sent[2]?.opId).not.toBe(sent[0]?.opId);
});

test("wishes in different slots have operations of their own", async () => {
  const { send, sent } = server(unreachable(), "made");
  await expect(send({ name: "a", thread: "one" })).rejects.toThrow();
  await send({ name: "a", thread: "two" });
  expect(sent[0]?.opId).not.toBe(sent[1]?.opId);
});
