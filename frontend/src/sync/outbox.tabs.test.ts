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
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Page = Awaited<ReturnType<typeof page>>;

async function live(one: Step, server: FakeServer, tabs: Page[], drawn: string[]): Promise<void> {
  if (one.type === "fault") server.faults.push(one.fault);
  else if (one.type === "wait") await vi.advanceTimersByTimeAsync(one.time);
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
  ["that cannot know of each other, at a plain-http address", true],
])(
  "what is drawn in two tabs of one image %s is on the server in the end, once",
  async (_, blind) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.constantFrom(0, 0, 700),
        async (steps, latency) => {
          const [server, browser] = [new FakeServer(), new FakeBrowser()];
          browser.blind = blind;
          const tabs = [await page(server, browser), await page(server, browser)];
          const drawn: string[] = [];
          server.latency = latency;
          for (const one of steps) await live(one, server, tabs, drawn);
          server.faults = [];
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
