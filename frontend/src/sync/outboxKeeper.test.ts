import { expect, test } from "vitest";
import type { Edits } from "./outboxEdits";
import { Keeper } from "./outboxKeeper";
import type { OutboxStore } from "./outboxStore";

test("a note of why edits wait does not put stored edits at risk while it is written", async () => {
  let write = () => Promise.resolve();
  const store = { write: () => write() } as unknown as OutboxStore;
  const keeper = new Keeper(store, { pending: {} } as unknown as Edits, () => undefined);
  const stored = keeper.keep();
  expect(keeper.isBehind).toBe(true);
  await stored;
  write = () => new Promise(() => undefined);
  keeper.explain({ reason: "The server does not answer.", cure: "wait" });
  expect(keeper.isBehind).toBe(false);
});
