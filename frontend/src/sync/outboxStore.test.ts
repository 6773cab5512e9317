import { expect, test, vi } from "vitest";
import { annotation } from "../model/testing";
import { forgetEdits, keptEdits, onKeptChange } from "./keptEdits";
import { browserStore } from "./outboxStore";

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

async function anotherTab(): Promise<typeof import("./outboxStore")> {
  vi.resetModules();
  return import("./outboxStore");
}

test("tabs that cannot see each other's locks ask, and take over what was left as soon as nobody answers", async () => {
  const otherTab = await anotherTab();
  const [first, second] = [browserStore(of("fay")), otherTab.browserStore(of("fay"))];
  await second.write(edits, null);
  expect(await first.inherit()).toBeUndefined();
  expect(await keptEdits("fay")).toMatchObject([{ held: true }]);
  await forgetEdits("fay", "i");
  expect(await keptEdits("fay")).toHaveLength(1);
  // Where the other tab is gone for good, as here the only one that could have answered.
  window.dispatchEvent(new Event("pagehide"));
  expect(await keptEdits("fay")).toMatchObject([{ held: false }]);
  expect(await first.inherit()).toEqual(edits);
  window.dispatchEvent(new Event("pageshow"));
});

test("what a tab went on to write, that was too busy to answer, is not taken from it", async () => {
  const otherTab = await anotherTab();
  const [first, busy] = [browserStore(of("ida")), otherTab.browserStore(of("ida"))];
  await busy.write(edits, null);
  window.dispatchEvent(new Event("pagehide"));
  expect(await first.inherit()).toEqual(edits);
  window.dispatchEvent(new Event("pageshow"));
  await busy.write(more, null);
  await first.remove();
  expect(await keptEdits("ida")).toMatchObject([{ edits: more }]);
});

test("what a tab leaves while it stays open is there for the others before that one is gone", async () => {
  const otherTab = await anotherTab();
  const [first, second] = [browserStore(of("gil")), otherTab.browserStore(of("gil"))];
  await second.write(edits, null);
  expect(await first.inherit()).toBeUndefined();
  await second.close();
  expect(await first.inherit()).toEqual(edits);
});

test("a tab that was reloaded has its own edits back without asking", async () => {
  const tab = await anotherTab();
  await tab.browserStore(of("hal")).write(edits, null);
  window.dispatchEvent(new Event("pagehide"));
  const reloaded = await anotherTab();
  window.dispatchEvent(new Event("pageshow"));
  // The page before is gone, although nothing can make it so here: whoever asked would be told that it has them.
  expect(await reloaded.browserStore(of("hal")).inherit()).toEqual(edits);
});

test("a tab that is closed tells the others, which may take over from it", async () => {
  const told = vi.fn();
  const forget = onKeptChange(told);
  window.dispatchEvent(new Event("pagehide"));
  await vi.waitFor(() => expect(told).toHaveBeenCalled());
  window.dispatchEvent(new Event("pageshow"));
  forget();
});
