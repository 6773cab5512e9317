import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../server/problem";
import { classes, expectAllSaved, FakeBrowser, FakeServer, type Fault, page, settle } from "./testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FAULTS: Fault[] = ["unreachable", "lost answer", "broken", 401, 403, 404, 412, 500, 503, "hang"];
const ids = ["a", "b", "c", "d"];
const edit = fc.record({
  type: fc.constant("edit" as const),
  id: fc.constantFrom(...ids),
  class_id: fc.constantFrom("sheep", "grass", null),
});
const fault = fc.record({ type: fc.constant("fault" as const), fault: fc.constantFrom(...FAULTS) });
const listFault = fc.record({ type: fc.constant("list fails" as const), fault: fc.constantFrom(...FAULTS) });
const wait = fc.record({ type: fc.constant("wait" as const), time: fc.integer({ min: 0, max: 5000 }) });
const action = fc.oneof(
  { weight: 5, arbitrary: edit },
  { weight: 3, arbitrary: fault },
  listFault,
  { weight: 2, arbitrary: wait },
  fc.record({ type: fc.constantFrom("reload" as const, "crash" as const, "flush" as const) }),
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type Page = Awaited<ReturnType<typeof page>>;

/** One step of a bad day; answers the page that is open after it. */
async function live(step: Action, server: FakeServer, current: Page): Promise<Page> {
  if (step.type === "edit")
    current.edit(step.id, step.class_id === null ? null : { class_id: step.class_id });
  else if (step.type === "wait") await vi.advanceTimersByTimeAsync(step.time);
  else if (step.type === "fault") server.faults.push(step.fault);
  else if (step.type === "list fails") server.listFaults.push(step.fault);
  else if (step.type === "flush") void current.outbox.flush();
  else {
    // An edit is in the browser's database at once; a page lives at least as long as that.
    await vi.advanceTimersByTimeAsync(1);
    server.listFaults = [];
    if (step.type === "crash") current.crash();
    else await current.outbox.close();
    return page(server, current.browser);
  }
  return current;
}

test("whatever fails, with reloads and crashes in between: nothing lost, nothing doubled", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), async (actions) => {
      const server = new FakeServer();
      let current = await page(server);
      for (const step of actions) current = await live(step, server, current);
      await expectAllSaved(server, current);
      current.crash();
    }),
    { numRuns: 600 },
  );
}, 60_000);

test("with somebody else editing too, both hold the same at the end, and what we lost we were asked about", async () => {
  const theirs = fc.record({
    type: fc.constant("theirs" as const),
    id: fc.constantFrom(...ids),
    class_id: fc.constantFrom("theirs", null),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 4, arbitrary: action }, theirs), { minLength: 5, maxLength: 40 }),
      fc.constantFrom("mine" as const, "theirs" as const),
      async (actions, choice) => {
        const server = new FakeServer();
        let current = await page(server);
        for (const step of actions) {
          if (step.type !== "theirs") current = await live(step, server, current);
          else if (server.annotations.has(step.id)) {
            server.edit(step.id, step.class_id === null ? null : { class_id: step.class_id });
          }
        }
        server.faults = [];
        server.listFaults = [];
        await settle();
        await current.outbox.flush();
        await current.outbox.refresh();
        await settle();
        for (let turn = 0; turn < 5 && current.outbox.state.kind === "conflict"; turn++) {
          for (const conflict of current.outbox.state.conflicts) {
            expect(conflict.mine !== null || conflict.theirs !== null).toBe(true);
            current.decide(conflict, choice);
          }
          await settle();
        }
        expect(current.outbox.state.kind).toBe("saved");
        expect(classes(current.seen())).toEqual(classes(server.annotations));
        expect(current.browser.records.size).toBe(0);
        current.crash();
      },
    ),
    { numRuns: 600 },
  );
}, 60_000);

test("two tabs on one image lose nothing of each other", async () => {
  const server = new FakeServer();
  const browser = new FakeBrowser();
  const [one, two] = [await page(server, browser), await page(server, browser)];
  server.faults = ["unreachable"];
  one.edit("a", {});
  await vi.advanceTimersByTimeAsync(500);
  two.edit("b", {});
  await vi.advanceTimersByTimeAsync(450);
  expect(two.outbox.state.kind).toBe("saved");
  one.crash();
  const three = await page(server, browser);
  await settle();
  expect(classes(server.annotations)).toEqual({ a: "sheep", b: "sheep" });
  expect(classes(three.seen())).toEqual({ a: "sheep", b: "sheep" });
});

test("what two tabs that are gone left comes back, the one after the other", async () => {
  const server = new FakeServer();
  const browser = new FakeBrowser();
  const [one, two] = [await page(server, browser), await page(server, browser)];
  one.edit("a", { class_id: "one" });
  two.edit("a", { class_id: "two" });
  two.edit("b", {});
  await vi.advanceTimersByTimeAsync(1);
  one.crash();
  two.crash();
  const three = await page(server, browser);
  await settle();
  // Both made the same object: which of them counts is for people to say.
  expect(three.outbox.state).toMatchObject({ kind: "conflict", conflicts: [{ id: "a" }] });
  expect(classes(server.annotations)).toEqual({ a: "one", b: "sheep" });
  three.outbox.resolve("a");
  await settle();
  expect(classes(server.annotations)).toEqual({ a: "two", b: "sheep" });
  expect(browser.records.size).toBe(0);
});

test("a refused edit can be given up for what the server has", async () => {
  const server = new FakeServer();
  server.edit("a", {});
  const { outbox, edit, seen, browser } = await page(server);
  server.refusal = new Problem({ status: 403, code: "forbidden", detail: "You may not label here." });
  edit("a", { class_id: "mine" });
  edit("b", {});
  await settle();
  expect(outbox.state).toMatchObject({ kind: "unsaved", cure: "edit", waiting: 2 });
  await outbox.discard();
  await settle();
  expect(outbox.state.kind).toBe("saved");
  expect(classes(seen())).toEqual({ a: "sheep" });
  expect(browser.records.size).toBe(0);
});

test("the number of waiting objects follows the edits made while offline", async () => {
  const server = new FakeServer();
  server.faults = Array.from({ length: 9 }, () => "unreachable" as const);
  const { outbox, edit } = await page(server);
  edit("a", {});
  await vi.advanceTimersByTimeAsync(500);
  expect(outbox.state).toMatchObject({ kind: "unsaved", cure: "wait", waiting: 1 });
  edit("b", {});
  expect(outbox.state).toMatchObject({ waiting: 2 });
});

test("an edit made in the moment in which the last one is noted as saved is sent as well", async () => {
  const server = new FakeServer();
  const { outbox, edit, browser } = await page(server);
  edit("a", {});
  await vi.advanceTimersByTimeAsync(1);
  const seen = vi.spyOn(browser, "noted").mockImplementationOnce(() => edit("b", {}));
  await settle();
  expect(seen).toHaveBeenCalled();
  expect(classes(server.annotations)).toEqual({ a: "sheep", b: "sheep" });
  expect(outbox.state.kind).toBe("saved");
});

test("saving all takes what older pages left, waits for tabs that are open, and says what they still hold", async () => {
  const server = new FakeServer();
  const browser = new FakeBrowser();
  const [gone, tab, one] = [
    await page(server, browser),
    await page(server, browser),
    await page(server, browser),
  ];
  gone.edit("left", {});
  await vi.advanceTimersByTimeAsync(1);
  gone.crash();
  server.refusal = new Problem({ status: 403, code: "forbidden", detail: "You may not label here." });
  tab.edit("held", {});
  await vi.advanceTimersByTimeAsync(1000);
  server.refusal = null;
  const first = one.outbox.saveAll();
  await settle();
  expect(await first).toBe(1);
  expect(classes(server.annotations)).toEqual({ left: "sheep" });
  const second = one.outbox.saveAll();
  await tab.outbox.flush();
  await settle();
  expect(await second).toBe(0);
  server.refusal = new Problem({ status: 403, code: "forbidden", detail: "You may not label here." });
  one.edit("mine", {});
  expect(await one.outbox.saveAll()).toBeNull();
});
