import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onKeptChange } from "./keptEdits";
import { forgetRemembered, remembered, withTabMemory } from "./tabMemory";
import { classes, FakeBrowser, FakeServer, page, settle } from "./testing";
import { Unsent } from "./unsent";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const held = () => {
  const event = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
};
const down = (times: number) => Array.from({ length: times }, () => "unreachable" as const);

let images = 0;
const place = () => ({
  person: "anna",
  image: `image ${++images}`,
  name: "",
  project: "",
  width: 8,
  height: 8,
  thumbnail: "",
  classes: [],
});

/** Sessions of one image in one page of the browser, one after another. */
function imageOf(server: FakeServer, browser: FakeBrowser, of = place()) {
  return () => page(server, browser, (store) => withTabMemory(store, of));
}

async function editAndLeave(open: ReturnType<typeof imageOf>) {
  const { edit, outbox } = await open();
  edit("a", {});
  await vi.advanceTimersByTimeAsync(500);
  await outbox.close();
}

test("edits that neither the browser nor the server takes are there when the image is opened again", async () => {
  const [server, browser] = [new FakeServer(), new FakeBrowser()];
  const open = imageOf(server, browser);
  browser.refuses = true;
  server.faults = down(3);
  await editAndLeave(open);
  expect(held()).toBe(true);

  const second = await open();
  expect([...second.seen().keys()]).toEqual(["a"]);
  await settle();
  expect([...server.annotations.keys()]).toEqual(["a"]);
  expect(server.applied).toBe(1);
  expect(held()).toBe(false);
});

/** What sends for images that are not open, in a tab that does not do so for others. */
function unsentOf(server: FakeServer, browser: FakeBrowser): Unsent {
  return new Unsent({
    kept: async () => remembered("anna"),
    forget: async (image) => forgetRemembered("anna", image),
    outboxOf: (of) => ({ store: withTabMemory(browser.store(), of), server }),
    turn: (_, work) => work(new AbortController().signal).then(() => true),
    lead: () => {},
    onChange: onKeptChange,
    onResume: () => () => {},
  });
}

test("what only the tab remembers is listed, and sent by this tab when the server is back", async () => {
  const [server, browser] = [new FakeServer(), new FakeBrowser()];
  browser.refuses = true;
  server.faults = down(4);
  const unsent = unsentOf(server, browser);
  const stop = unsent.start();
  await editAndLeave(imageOf(server, browser));
  // Word of what came or went takes a real turn of the event loop.
  await vi.waitFor(() => expect(unsent.images).toMatchObject([{ count: 1, held: false, onlyHere: true }]));
  expect(remembered("rui")).toEqual([]);
  await settle();
  expect([...server.annotations.keys()]).toEqual(["a"]);
  expect(server.applied).toBe(1);
  await vi.waitFor(() => expect(unsent.images).toEqual([]));
  expect(held()).toBe(false);
  stop();
});

test("what only the tab remembers can be given up", async () => {
  const [server, browser] = [new FakeServer(), new FakeBrowser()];
  browser.refuses = true;
  server.faults = down(1);
  await editAndLeave(imageOf(server, browser));
  const unsent = unsentOf(server, browser);
  const [left] = remembered("anna");
  await unsent.discard(left?.image ?? "");
  expect(unsent.images).toEqual([]);
  expect(held()).toBe(false);
  expect(server.applied).toBe(0);
});

test("what the browser has taken is not remembered twice", async () => {
  const [server, browser] = [new FakeServer(), new FakeBrowser()];
  const open = imageOf(server, browser);
  server.faults = down(1);
  await editAndLeave(open);
  expect(held()).toBe(false);
  const second = await open();
  await settle();
  expect([...second.seen().keys()]).toEqual(["a"]);
  expect(server.applied).toBe(1);
});

test("another image, or another person, never sees them", async () => {
  const [server, browser] = [new FakeServer(), new FakeBrowser()];
  const open = imageOf(server, browser);
  browser.refuses = true;
  server.faults = down(2);
  await editAndLeave(open);
  const other = await imageOf(new FakeServer(), new FakeBrowser())();
  expect(other.seen().size).toBe(0);
  await open();
  await settle();
});

test("a database that has become read-only is not asked again and again for what it cannot forget", async () => {
  const [server, browser] = [new FakeServer(), new FakeBrowser()];
  const open = imageOf(server, browser);
  server.faults = down(1);
  await editAndLeave(open);
  browser.refuses = true;
  const second = await open();
  await settle();
  expect(second.outbox.state.kind).toBe("saved");
  expect(server.applied).toBe(1);
});

test("whatever fails and whichever image is left and opened again, every edit is on the server in the end, once", async () => {
  const step = fc.record({
    image: fc.nat(2),
    /** How often the server is away before it takes something. */
    away: fc.nat(3),
    refuses: fc.boolean(),
    wait: fc.constantFrom(0, 300, 900, 5000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const browsers = [0, 1, 2].map(() => new FakeBrowser());
      const servers = [0, 1, 2].map(() => new FakeServer());
      const images = browsers.map((browser, i) => imageOf(servers[i] as FakeServer, browser));
      const made: string[][] = [[], [], []];
      for (const [n, { image, away, refuses, wait }] of steps.entries()) {
        const [server, browser] = [servers[image] as FakeServer, browsers[image] as FakeBrowser];
        server.faults = down(away);
        browser.refuses = refuses;
        const session = await (images[image] as ReturnType<typeof imageOf>)();
        session.edit(`${n}`, { class_id: `class ${n}` });
        made[image]?.push(`${n}`);
        await vi.advanceTimersByTimeAsync(wait);
        await session.outbox.close();
      }
      for (const [i, open] of images.entries()) {
        const [server, browser] = [servers[i] as FakeServer, browsers[i] as FakeBrowser];
        server.faults = [];
        browser.refuses = false;
        const last = await open();
        await settle();
        expect(last.outbox.state.kind).toBe("saved");
        expect(Object.keys(classes(server.annotations)).sort()).toEqual([...(made[i] ?? [])].sort());
        expect([...last.seen().keys()].sort()).toEqual([...(made[i] ?? [])].sort());
        await last.outbox.close();
      }
      expect(held()).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
