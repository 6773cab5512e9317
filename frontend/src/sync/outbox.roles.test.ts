import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { classes, expectAllSaved, FakeServer, type Fault, page, settle } from "./testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FAULTS: Fault[] = ["unreachable", "lost answer", "broken", 401, 412, 500, "hang"];
const edit = fc.record({
  type: fc.constant("edit" as const),
  id: fc.constantFrom("a", "b", "c"),
  class_id: fc.constantFrom("sheep", "grass", null),
});
const role = fc.record({
  type: fc.constant("role" as const),
  standing: fc.constantFrom("annotator" as const, "viewer" as const, "outsider" as const),
});
const step = fc.oneof(
  { weight: 5, arbitrary: edit },
  { weight: 3, arbitrary: role },
  fc.record({ type: fc.constant("fault" as const), fault: fc.constantFrom(...FAULTS) }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant("wait" as const), time: fc.nat(5000) }) },
  fc.record({
    type: fc.constantFrom("reload" as const, "crash" as const, "flush" as const, "look" as const),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Page = Awaited<ReturnType<typeof page>>;

/** One step of somebody whose role comes and goes; answers the page that is open after it, if it can be opened. */
async function live(step: Step, server: FakeServer, current: Page): Promise<Page | null> {
  if (step.type === "edit")
    current.edit(step.id, step.class_id === null ? null : { class_id: step.class_id });
  else if (step.type === "role") server.standing = step.standing;
  else if (step.type === "fault") server.faults.push(step.fault);
  else if (step.type === "wait") await vi.advanceTimersByTimeAsync(step.time);
  else if (step.type === "flush") void current.outbox.flush();
  else if (step.type === "look") void current.outbox.refresh().catch(() => undefined);
  else {
    await vi.advanceTimersByTimeAsync(1);
    if (step.type === "crash") current.crash();
    else await current.outbox.close();
    return page(server, current.browser).catch(() => null);
  }
  return current;
}

test("a role that is taken away and given back at any moment costs no edit, and doubles none", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 50 }), async (steps) => {
      const server = new FakeServer();
      let current = await page(server);
      const { browser } = current;
      for (const one of steps) {
        // Where the image cannot be opened any more, people come back when they may.
        const wanted = classes(current.seen());
        const next = await live(one, server, current);
        if (!next) server.standing = "annotator";
        current = next ?? (await page(server, browser));
        if (!next) expect(classes(current.seen())).toEqual(wanted);
      }
      await expectAllSaved(server, current);
      current.crash();
    }),
    { numRuns: 1000 },
  );
}, 60_000);

test("as long as the role is gone nothing more is saved, and all of it is a draft that can be handed over", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: edit }, fc.constant("reload" as const)), {
        minLength: 1,
        maxLength: 20,
      }),
      async (steps) => {
        const server = new FakeServer();
        server.edit("a", {});
        let current = await page(server);
        server.standing = "viewer";
        for (const one of steps) {
          if (one !== "reload")
            current.edit(one.id, one.class_id === null ? null : { class_id: one.class_id });
          else {
            await current.outbox.close();
            current = await page(server, current.browser);
          }
          await vi.advanceTimersByTimeAsync(1000);
        }
        await settle();
        const seen = classes(current.seen());
        const draft = new Map(current.outbox.pending?.now ?? []);
        const differs = ["a", "b", "c"].filter((id) => seen[id] !== classes(server.annotations)[id]);
        expect(server.applied).toBe(0);
        expect(differs.map((id) => [id, draft.get(id)?.class_id])).toEqual(
          differs.map((id) => [id, seen[id]]),
        );
        if (differs.length > 0) expect(current.outbox.state).toMatchObject({ kind: "unsaved", cure: "edit" });
        expect(current.browser.records.size).toBe(differs.length > 0 ? 1 : 0);
        current.crash();
      },
    ),
    { numRuns: 1000 },
  );
}, 60_000);
