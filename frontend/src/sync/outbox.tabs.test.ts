import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { classes, FakeBrowser, FakeServer, type Fault, page, settle } from "./testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FAULTS: Fault[] = ["unreachable", "lost answer", "broken", 403, 412, 500, "hang"];
const tab = fc.nat(1);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant("draw" as const), tab }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("fault" as const), fault: fc.constantFrom(...FAULTS) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("wait" as const), time: fc.nat(4000) }) },
  fc.record({ type: fc.constantFrom("reload" as const, "crash" as const), tab }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant("look" as const), tab }) },
  fc.record({ type: fc.constant("busy" as const), busy: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Page = Awaited<ReturnType<typeof page>>;

async function live(one: Step, server: FakeServer, tabs: Page[], drawn: string[]): Promise<void> {
  if (one.type === "fault") server.faults.push(one.fault);
  else if (one.type === "wait") await vi.advanceTimersByTimeAsync(one.time);
  else if (one.type === "look") void tabs[one.tab]?.outbox.takeOver();
  else if (one.type === "busy") for (const { browser } of tabs) browser.busy = one.busy;
  else if (one.type === "draw") {
    const id = `${drawn.length}`;
    tabs[one.tab]?.edit(id, {});
    drawn.push(id);
  } else {
    const left = tabs[one.tab] as Page;
    await vi.advanceTimersByTimeAsync(1);
    if (one.type === "crash") left.crash();
    else await left.outbox.close();
    await vi.advanceTimersByTimeAsync(1);
    const opening = page(server, left.browser);
    await vi.advanceTimersByTimeAsync(server.latency);
    tabs[one.tab] = await opening;
  }
}

test.each([
  ["that know of each other", false],
  ["that are at times too busy to answer each other, at a plain-http address", true],
])(
  "what is drawn in two tabs of one image %s is on the server in the end, once",
  async (_, busy) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.constantFrom(0, 0, 700),
        async (steps, latency) => {
          const [server, browser] = [new FakeServer(), new FakeBrowser()];
          const tabs = [await page(server, browser), await page(server, browser)];
          const drawn: string[] = [];
          server.latency = latency;
          const lived = busy ? steps : steps.filter(({ type }) => type !== "busy");
          for (const one of lived) await live(one, server, tabs, drawn);
          server.faults = [];
          browser.busy = false;
          for (let turn = 0; turn < 2; turn++)
            for (const { outbox } of tabs) {
              const saving = outbox.saveAll();
              await settle();
              await saving;
            }
          for (const { outbox } of tabs) expect(outbox.state.kind).toBe("saved");
          expect(Object.keys(classes(server.annotations)).sort()).toEqual([...drawn].sort());
          for (const { version } of server.annotations.values()) expect(version).toBe(1);
          expect(browser.records.size).toBe(0);
          for (const one of tabs) one.crash();
        },
      ),
      { numRuns: 1000 },
    );
  },
  60_000,
);

test("what another page left stays when that page had seen more of the server than this one", async () => {
  const [server, browser] = [new FakeServer(), new FakeBrowser()];
  const early = await page(server, browser);
  const left = await page(server, browser);
  server.latency = 700;
  left.edit("a", {});
  await vi.advanceTimersByTimeAsync(500);
  left.crash();
  await vi.advanceTimersByTimeAsync(700);
  // It finds what was saved without an answer, and is gone before it can note that.
  const opening = page(server, browser);
  await vi.advanceTimersByTimeAsync(700);
  (await opening).crash();
  void early.outbox.takeOver();
  await settle();
  expect(Object.keys(classes(server.annotations))).toEqual(["a"]);
  expect([...early.seen().keys()]).toEqual(["a"]);
});
