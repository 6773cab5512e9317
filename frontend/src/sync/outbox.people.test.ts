import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Changes } from "../model/diff";
import { type Annotations, type Patch, withPatch } from "../model/patch";
import { annotation } from "../model/testing";
import type { Problem } from "../server/problem";
import { keptEdits } from "./keptEdits";
import { Outbox } from "./outbox";
import { serverFor } from "./outboxServer";
import { browserStore } from "./outboxStore";
import { classes, FakeServer, type Fault } from "./testing";

// The browser's database is the real one of the tests, which needs the real turns of the event loop.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const PEOPLE = ["anna", "rui"] as const;
type Name = (typeof PEOPLE)[number];

const pass = async (time: number) => {
  for (let left = time; left >= 0; left -= 50) {
    await vi.advanceTimersByTimeAsync(Math.min(left, 50));
    for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
};
const delay = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

let logins = 0;

/** One browser and its cookies, and a server that saves in the name of whoever these belong to. */
class OneBrowser {
  readonly server = new FakeServer();
  /** Edits of one person that came with the cookies of another. */
  readonly mixed: string[] = [];
  latency = 0;
  #session = { person: "", token: "" };

  logIn(person: Name): void {
    this.#session = { person, token: `token-${++logins}` };
    // biome-ignore lint/suspicious/noDocumentCookie: as the server sets it
    document.cookie = `csrftoken=${this.#session.token}`;
  }

  get person(): string {
    return this.#session.person;
  }

  fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const session = this.#session;
    const path = new URL(input, "http://localhost").pathname.replace("/api/v1", "");
    await delay(this.latency);
    // Whoever logs in ends the session that was there.
    const answer =
      session === this.#session
        ? await this.#answer(path, init).then(ok, refused)
        : refusal(401, "not_authenticated");
    await delay(this.latency);
    return answer;
  };

  async #answer(path: string, { body, headers }: RequestInit): Promise<unknown> {
    if (path === "/me") return { id: this.#session.person };
    if (path.endsWith("/annotations")) return { results: await this.server.list(), next: null };
    const changes = JSON.parse(String(body)) as Changes;
    for (const { id } of [...changes.create, ...changes.update])
      if (!id.startsWith(this.#session.person)) this.mixed.push(`${id} as ${this.#session.person}`);
    return this.server.send(changes, (headers as Record<string, string>)["Idempotency-Key"] ?? "");
  }
}

const ok = (body: unknown) => new Response(JSON.stringify(body), { status: 200 });
/** As the server says it; no answer at all is a broken line. */
const refused = (problem: Problem) => {
  if (problem.status === 0) throw new TypeError("The line is broken.");
  return refusal(problem.status, problem.code);
};
const refusal = (status: number, code: string) =>
  new Response(JSON.stringify({ status, code, detail: "No." }), { status });

let worlds = 0;

/** The page of one person, who may be logged out meanwhile. */
async function pageOf(person: Name, image: string) {
  const place = { person, image, name: "", project: "", width: 8, height: 8, thumbnail: "", classes: [] };
  let seen: Annotations = new Map();
  const server = serverFor(person, image);
  const onPatch = (patch: Patch) => {
    seen = withPatch(seen, patch);
  };
  const outbox = await Outbox.open({ store: browserStore(place), server, onPatch }, null);
  seen = outbox.annotations;
  const edit = (id: string, class_id: string) => {
    seen = withPatch(seen, new Map([[id, annotation({ ...seen.get(id), id, class_id })]]));
    outbox.put(seen);
  };
  return { outbox, edit };
}

/** Closes a page and lets that be done. */
async function leave({ outbox }: Awaited<ReturnType<typeof pageOf>>) {
  const closed = outbox.close();
  await pass(0);
  await closed;
}

async function opened(person: Name, image: string) {
  const opening = pageOf(person, image);
  await pass(0);
  return opening;
}

const person = fc.constantFrom(...PEOPLE);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("edit" as const),
      person,
      object: fc.nat(1),
      class_id: fc.constantFrom("sheep", "grass", "stone"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("login" as const), person }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("wait" as const), time: fc.nat(1200) }) },
  fc.record({ type: fc.constant("reload" as const), person }),
  fc.record({ type: fc.constant("fault" as const), fault: fc.constantFrom("lost answer", 503, 401) }),
);

test("of two persons in one browser neither is ever saved in the other's name, and nothing of either is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 20 }),
      fc.constantFrom(0, 60, 200),
      async (steps, latency) => {
        const browser = new OneBrowser();
        vi.stubGlobal("fetch", browser.fetch);
        browser.latency = latency;
        const image = `image-${++worlds}`;
        browser.logIn("anna");
        const pages = { anna: await opened("anna", image), rui: await opened("rui", image) };
        const made: Record<string, string> = {};
        try {
          for (const one of steps) {
            if (one.type === "login") browser.logIn(one.person);
            else if (one.type === "wait") await pass(one.time);
            else if (one.type === "fault") browser.server.faults.push(one.fault as Fault);
            else if (one.type === "reload") {
              await pass(0);
              await leave(pages[one.person]);
              pages[one.person] = await opened(one.person, image);
            } else {
              const id = `${one.person}-${one.object}`;
              pages[one.person].edit(id, one.class_id);
              made[id] = one.class_id;
            }
          }
          browser.server.faults = [];
          for (const each of PEOPLE) {
            browser.logIn(each);
            const flushed = pages[each].outbox.flush();
            await pass(3000);
            await flushed;
            // What a page sent as it was left can be on the server before the next one has asked: that one asks people.
            for (const { id } of pages[each].outbox.conflicts) pages[each].outbox.resolve(id);
            await pass(3000);
            expect(pages[each].outbox.state).toEqual({ kind: "saved" });
            expect(await keptEdits(each, `${image}:`)).toEqual([]);
          }
          expect(browser.mixed).toEqual([]);
          expect(classes(browser.server.annotations)).toEqual(made);
        } finally {
          for (const each of PEOPLE) await leave(pages[each]);
        }
      },
    ),
    { numRuns: 500 },
  );
}, 60_000);
