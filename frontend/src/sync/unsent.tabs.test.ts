import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Listed, Place } from "./keptEdits";
import type { OutboxServer } from "./outboxState";
import { classes, FakeBrowser, FakeServer, type Fault, mortal, page, settle } from "./testing";
import { Unsent } from "./unsent";
import type { UnsentPorts } from "./unsentPorts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const IMAGES = ["i", "j"];
const place = { person: "anna", name: "", project: "", width: 8, height: 8, thumbnail: "", classes: [] };

/** Whose turn an image is: editors' or what sends for closed ones. */
class Turns {
  editors = 0;
  sending: { wanted: AbortController; over: Promise<unknown> } | null = null;
}

/** An image on the server and in the browser. */
class Shelf {
  readonly server = new FakeServer();
  readonly browser = new FakeBrowser();
  /** What people made of each object, and how often they changed it. */
  readonly made = new Map<string, { class_id: string | null; times: number }>();
  /** Shared by all tabs, where they know of each other. */
  readonly #turns = new Map<Tab | null, Turns>();
  readonly #blind: boolean;

  constructor(blind: boolean) {
    this.#blind = blind;
  }

  turnsOf(tab: Tab): Turns {
    const of = this.#blind ? tab : null;
    const turns = this.#turns.get(of) ?? new Turns();
    this.#turns.set(of, turns);
    return turns;
  }

  /** Asks whoever sends, in any tab, to end; resolves when those have that can be waited for. */
  async takeToEdit(tab: Tab): Promise<void> {
    const turns = this.turnsOf(tab);
    turns.editors++;
    for (const { sending } of this.#turns.values()) sending?.wanted.abort();
    await turns.sending?.over;
  }
}

/** Tabs of one browser that share its database, and its locks unless they are blind for each other. */
class World {
  readonly blind: boolean;
  readonly shelves = new Map<string, Shelf>();
  /** Tabs that send or wait to be the one that does, the first of which is. */
  leaders: (() => void)[] = [];
  listeners = new Set<() => void>();
  /** Tabs with requests for closed images on their way, and how many there were at most. */
  senders = new Set<Tab>();
  mostSenders = 0;
  #pages = 0;

  constructor(blind: boolean) {
    this.blind = blind;
    for (const image of IMAGES) {
      const shelf = new Shelf(blind);
      this.shelves.set(image, shelf);
      shelf.browser.changed = () => {
        for (const listener of this.listeners) listener();
      };
    }
  }

  shelf = (image: string): Shelf => this.shelves.get(image) as Shelf;

  nextPage = (): number => ++this.#pages;

  kept = (): Listed[] =>
    [...this.shelves].flatMap(([image, { browser }]) =>
      browser.kept.map((one) => ({ ...place, image, why: null, at: 0, onlyHere: false, ...one })),
    );
}

type Page = Awaited<ReturnType<typeof page>>;

/** A tab: the editors of the images that are open in it, and what sends for the others. */
class Tab {
  readonly editors = new Map<string, { number: number; page: Page }>();
  readonly unsent: Unsent;
  readonly #world: World;
  readonly #ends: (() => void)[] = [];
  readonly #stop: () => void;

  constructor(world: World) {
    this.#world = world;
    this.unsent = new Unsent(this.#ports());
    this.#stop = this.unsent.start();
  }

  async edit(image: string, object: number, class_id: string | null): Promise<void> {
    const { number, page } = this.editors.get(image) ?? (await this.#open(image));
    const id = `${number}-${object}`;
    const { made } = this.#world.shelf(image);
    made.set(id, { class_id, times: (made.get(id)?.times ?? 0) + 1 });
    page.edit(id, class_id === null ? null : { class_id });
  }

  async #open(image: string) {
    const { server, browser } = this.#world.shelf(image);
    await this.#world.shelf(image).takeToEdit(this);
    const opened = { number: this.#world.nextPage(), page: await page(server, browser) };
    this.editors.set(image, opened);
    return opened;
  }

  /** As the editor does it when one leaves an image. */
  leave(image: string): void {
    const editor = this.editors.get(image);
    this.editors.delete(image);
    const { outbox } = editor?.page ?? {};
    void outbox
      ?.flush()
      .finally(() => outbox.close())
      .finally(() => this.#world.shelf(image).turnsOf(this).editors--);
  }

  /** Ends without a word; the browser gives its locks to others. */
  crash(): void {
    for (const [image, { page }] of this.editors) {
      page.crash();
      this.#world.shelf(image).turnsOf(this).editors--;
    }
    for (const end of this.#ends) end();
    this.#world.senders.delete(this);
    this.#stop();
  }

  #ports(): UnsentPorts {
    const world = this.#world;
    return {
      kept: async () => world.kept(),
      forget: async (image) => world.shelf(image).browser.forget(),
      outboxOf: ({ image }: Place) => {
        const store = mortal(world.shelf(image).browser.store());
        const line = mortal<OutboxServer>(this.#line(world.shelf(image).server));
        this.#ends.push(() => {
          void store.object.close();
          store.end();
          line.end();
        });
        return { store: store.object, server: line.object };
      },
      turn: async (image, work) => {
        const turns = world.shelf(image).turnsOf(this);
        if (turns.editors > 0 || turns.sending) return false;
        let ended = () => {};
        const over = new Promise<void>((resolve) => {
          ended = () => {
            turns.sending = null;
            resolve();
          };
        });
        turns.sending = { wanted: new AbortController(), over };
        this.#ends.push(ended);
        await work(turns.sending.wanted.signal).finally(ended);
        return true;
      },
      lead: (stop, begin) => {
        world.leaders.push(begin);
        if (world.leaders.length === 1 || world.blind) begin();
        stop.addEventListener("abort", () => {
          const first = world.leaders[0] === begin;
          world.leaders = world.leaders.filter((one) => one !== begin);
          if (first && !world.blind) world.leaders[0]?.();
        });
      },
      onChange: (listener) => {
        world.listeners.add(listener);
        return () => world.listeners.delete(listener);
      },
      onResume: () => () => {},
    };
  }

  /** The server, with who sends for closed images. */
  #line(server: FakeServer): OutboxServer {
    const world = this.#world;
    return {
      list: () => server.list(),
      restore: (id) => server.restore(id),
      newOpId: server.newOpId,
      send: async (changes, opId) => {
        world.senders.add(this);
        world.mostSenders = Math.max(world.mostSenders, world.senders.size);
        return server.send(changes, opId).finally(() => world.senders.delete(this));
      },
    };
  }
}

const FAULTS: Fault[] = ["unreachable", "lost answer", "broken", 403, 500, "hang"];
const tab = fc.nat(1);
const image = fc.constantFrom(...IMAGES);
const edit = fc.record({
  type: fc.constant("edit" as const),
  tab,
  image,
  object: fc.nat(1),
  class_id: fc.constantFrom("sheep", "grass", null),
});
const step = fc.oneof(
  { weight: 5, arbitrary: edit },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("leave" as const), tab, image }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("wait" as const), time: fc.nat(3000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("fault" as const), image, fault: fc.constantFrom(...FAULTS) }),
  },
  fc.record({ type: fc.constant("crash" as const), tab }),
  fc.record({
    type: fc.constant("role" as const),
    image,
    standing: fc.constantFrom("annotator" as const, "viewer" as const),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function live(one: Step, world: World, tabs: Tab[]): Promise<void> {
  if (one.type === "edit") {
    const edited = tabs[one.tab]?.edit(one.image, one.object, one.class_id);
    // Opening takes as long as the server does.
    await vi.advanceTimersByTimeAsync(world.shelf(one.image).server.latency);
    await vi.advanceTimersByTimeAsync(world.shelf(one.image).server.latency);
    await edited;
  } else if (one.type === "leave") tabs[one.tab]?.leave(one.image);
  else if (one.type === "wait") await vi.advanceTimersByTimeAsync(one.time);
  else if (one.type === "fault") world.shelf(one.image).server.faults.push(one.fault);
  else if (one.type === "role") world.shelf(one.image).server.standing = one.standing;
  else {
    await vi.advanceTimersByTimeAsync(1);
    tabs[one.tab]?.crash();
    tabs[one.tab] = new Tab(world);
  }
}

/** What one tab shows, once all may be sent again; whoever looks at an image decides what it asks. */
async function finish(world: World, tabs: Tab[]): Promise<void> {
  for (const { server } of world.shelves.values()) {
    server.faults = [];
    server.standing = "annotator";
  }
  for (const image of IMAGES) for (const one of tabs) one.leave(image);
  await settle();
  for (const image of IMAGES) {
    const tried = tabs[0]?.unsent.tryNow(image);
    await settle();
    await tried;
  }
  for (const { server, browser } of world.shelves.values()) {
    if (browser.records.size === 0) continue;
    const opening = page(server, browser);
    await settle();
    const last = await opening;
    for (const conflict of last.outbox.conflicts) last.decide(conflict, "mine");
    await settle();
    expect(last.outbox.state.kind).toBe("saved");
  }
}

/** Lives through some steps, and finds everything on the server in the end, once. */
async function liveThrough(steps: readonly Step[], latency: number, blind: boolean): Promise<void> {
  const world = new World(blind);
  for (const { server } of world.shelves.values()) server.latency = latency;
  const tabs = [new Tab(world), new Tab(world)];
  try {
    for (const one of steps) await live(one, world, tabs);
    await finish(world, tabs);
    for (const { server, browser, made } of world.shelves.values()) {
      const wanted = [...made].flatMap(([id, { class_id }]) => (class_id ? [[id, class_id]] : []));
      expect(classes(server.annotations)).toEqual(Object.fromEntries(wanted));
      for (const { id, version } of server.annotations.values())
        expect(version).toBeLessThanOrEqual(made.get(id)?.times ?? 0);
      expect(browser.records.size).toBe(0);
    }
    if (!blind) expect(world.mostSenders).toBeLessThanOrEqual(1);
    await settle();
    for (const { unsent } of tabs) expect(unsent.images).toEqual([]);
  } finally {
    for (const one of tabs) one.crash();
  }
}

test.each([
  ["that know of each other: one sends, nothing", false],
  ["that have to ask each other, at a plain-http address: nothing", true],
])(
  "two tabs %s is doubled, nothing is missing",
  async (_, blind) => {
    const list = fc.array(step, { minLength: 4, maxLength: 30 });
    const latency = fc.constantFrom(0, 0, 700);
    await fc.assert(
      fc.asyncProperty(list, latency, (steps, latency) => liveThrough(steps, latency, blind)),
      { numRuns: 1000 },
    );
  },
  60_000,
);
