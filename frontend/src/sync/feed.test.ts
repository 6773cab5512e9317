import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProjectEvent } from "../server/types";
import { type Feed, openFeed } from "./feed";

/** All tabs of one browser: locks and channels are shared by name, and every opened stream is kept. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  send(kind: string, seq: number, log = "log") {
    const data = JSON.stringify({ seq, kind });
    this.dispatchEvent(new MessageEvent(kind, { data, lastEventId: `${log}.${seq}` }));
  }

  fail() {
    this.close();
    this.onerror?.();
  }

  static get open() {
    return FakeSource.all.filter((source) => source.readyState !== FakeSource.CLOSED);
  }
}

class FakeChannel extends EventTarget {
  static all: FakeChannel[] = [];

  constructor(readonly name: string) {
    super();
    FakeChannel.all.push(this);
  }

  postMessage(data: unknown) {
    const others = FakeChannel.all.filter((other) => other !== this && other.name === this.name);
    for (const other of others)
      other.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) }));
  }

  close() {
    FakeChannel.all = FakeChannel.all.filter((other) => other !== this);
  }
}

function fakeLocks() {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>) => {
      tail = tail.then(() => (signal.aborted ? undefined : hold()));
      return tail;
    },
  };
}

const tabs: Feed[] = [];

async function openTab() {
  const seqs: number[] = [];
  const onReset = vi.fn();
  const feed = openFeed({
    name: "events",
    kinds: ["image.created"],
    urlAfter: (id) => `/events?after=${id ?? ""}`,
    onEvent: (event: ProjectEvent) => seqs.push(event.seq),
    onReset,
  });
  tabs.push(feed);
  await settled();
  return { seqs, feed, onReset };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  FakeSource.all = [];
  FakeChannel.all = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  Object.defineProperty(navigator, "locks", { value: fakeLocks(), configurable: true });
});

afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("two tabs share one connection, and both hear every event", async () => {
  const first = await openTab();
  const second = await openTab();
  expect(FakeSource.all).toHaveLength(1);
  FakeSource.all[0]?.send("image.created", 8);
  expect([first.seqs, second.seqs]).toEqual([[8], [8]]);
});

test("when the leading tab closes, another goes on after the last event it has seen", async () => {
  const first = await openTab();
  const second = await openTab();
  FakeSource.all[0]?.send("image.created", 8);
  first.feed.close();
  await settled();
  expect(FakeSource.open.map((source) => source.url)).toEqual(["/events?after=log.8"]);
  FakeSource.open[0]?.send("image.created", 9);
  expect(second.seqs).toEqual([8, 9]);
});

test("a tab that has heard no event yet takes over from where the leader stood", async () => {
  const first = await openTab();
  FakeSource.all[0]?.send("image.created", 8);
  const second = await openTab();
  first.feed.close();
  await settled();
  expect(FakeSource.open.map((source) => source.url)).toEqual(["/events?after=log.8"]);
  expect(second.seqs).toEqual([]);
});

test("the stream's greeting says from where to resume", async () => {
  const first = await openTab();
  FakeSource.all[0]?.send("hello", 41);
  const second = await openTab();
  first.feed.close();
  await settled();
  expect(FakeSource.open[0]?.url).toBe("/events?after=log.41");
  expect(second.seqs).toEqual([]);
});

test("whoever missed events that will not come again starts anew in every tab, at a lower seq too", async () => {
  const first = await openTab();
  const second = await openTab();
  FakeSource.all[0]?.send("image.created", 8);
  FakeSource.all[0]?.send("reset", 3, "restored");
  expect(first.onReset).toHaveBeenCalledTimes(1);
  expect(second.onReset).toHaveBeenCalledTimes(1);
  FakeSource.all[0]?.send("image.created", 4, "restored");
  expect([first.seqs, second.seqs]).toEqual([
    [8, 4],
    [8, 4],
  ]);
  first.feed.close();
  await settled();
  expect(FakeSource.open[0]?.url).toBe("/events?after=restored.4");
});

test("an event that comes twice is told once", async () => {
  const { seqs } = await openTab();
  for (const seq of [3, 4, 4, 3, 5]) FakeSource.all[0]?.send("image.created", seq);
  expect(seqs).toEqual([3, 4, 5]);
});

test("a refused connection is tried again, more and more slowly, after the last event", async () => {
  await openTab();
  FakeSource.all[0]?.send("image.created", 6);
  vi.useFakeTimers();
  FakeSource.all[0]?.fail();
  vi.advanceTimersByTime(1_000);
  expect(FakeSource.all[1]?.url).toBe("/events?after=log.6");
  FakeSource.all[1]?.fail();
  vi.advanceTimersByTime(1_999);
  expect(FakeSource.all).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(FakeSource.all).toHaveLength(3);
});

test("without Web Locks each tab has a connection of its own", async () => {
  Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
  await openTab();
  await openTab();
  expect(FakeSource.open).toHaveLength(2);
});

test("closing the last tab closes the connection", async () => {
  const { feed } = await openTab();
  feed.close();
  await settled();
  expect(FakeSource.open).toEqual([]);
});
