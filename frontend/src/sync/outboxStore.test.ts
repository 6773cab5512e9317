import { afterEach, expect, test, vi } from "vitest";
import { annotation } from "../model/testing";
import { forgetEdits, keptEdits } from "./keptEdits";
import { browserStore } from "./outboxStore";

afterEach(() => void vi.useRealTimers());

const edits = { saved: [["a", null]], now: [["a", annotation()]], sent: [], gone: ["b"] } as const;
const more = { saved: [], now: [["b", annotation()]], sent: [], gone: [] } as const;
const place = {
  image: "i",
  name: "sheep.jpg",
  project: "Meadow",
  width: 8,
  height: 8,
  thumbnail: "",
  classes: [],
};
const of = (person: string) => ({ ...place, person });

/** A page that is gone: closed, or crashed. */
async function gone(person: string, left: typeof edits | typeof more): Promise<void> {
  const store = browserStore(of(person));
  await store.write(left, null);
  store.close();
  await new Promise((resolve) => setTimeout(resolve, 2));
}

test("edits that a page left are inherited by the next of the same person, and by nobody else", async () => {
  await gone("anna", edits);
  expect(await browserStore(of("bo")).inherit()).toBeUndefined();
  expect(await browserStore({ ...of("anna"), image: "j" }).inherit()).toBeUndefined();
  expect(await browserStore(of("anna")).inherit()).toEqual(edits);
});

test("what is inherited stays until it is written again, and is then there once", async () => {
  await gone("cleo", edits);
  const first = browserStore(of("cleo"));
  expect(await first.inherit()).toEqual(edits);
  first.close();
  const second = browserStore(of("cleo"));
  expect(await second.inherit()).toEqual(edits);
  await second.write(more, null);
  expect(await keptEdits("cleo")).toMatchObject([{ name: "sheep.jpg", edits: more }]);
  await second.remove();
  expect(await keptEdits("cleo")).toEqual([]);
});

test("the edits of a page that is still open are not inherited, nor overwritten", async () => {
  const open = browserStore(of("dan"));
  await open.write(edits, null);
  const other = browserStore(of("dan"));
  expect(await other.inherit()).toBeUndefined();
  await other.write(more, null);
  await other.remove();
  expect(await keptEdits("dan")).toMatchObject([{ edits }]);
  await forgetEdits("dan", "i");
  expect(await keptEdits("dan")).toHaveLength(1);
});

test("several pages that are gone are inherited one after another, the oldest first", async () => {
  await gone("eva", edits);
  await gone("eva", more);
  const next = browserStore(of("eva"));
  expect(await next.inherit()).toEqual(edits);
  await next.remove();
  expect(await next.inherit()).toEqual(more);
});

test("tabs that cannot know of each other's locks do not take from one another what both have in hand", async () => {
  await gone("fay", edits);
  vi.resetModules();
  const otherTab = await import("./outboxStore");
  const [first, second] = [browserStore(of("fay")), otherTab.browserStore(of("fay"))];
  // Left before that tab was there: it may be anybody's.
  expect(await second.inherit()).toEqual(edits);
  await second.write(edits, null);
  expect(await first.inherit()).toBeUndefined();
  expect(await keptEdits("fay")).toMatchObject([{ held: true }]);
  await forgetEdits("fay", "i");
  expect(await keptEdits("fay")).toHaveLength(1);
  vi.setSystemTime(Date.now() + 180_000);
  expect(await first.inherit()).toEqual(edits);
});
