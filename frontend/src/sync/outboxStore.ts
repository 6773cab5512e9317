import { type DBSchema, openDB } from "idb";
import type { Annotation } from "../model/annotation";

type Entries = readonly (readonly [string, Annotation | null])[];

/** Unsaved edits of one image: the edited annotations as the server had them, as they are, and as last sent. */
export interface PendingEdits {
  readonly saved: Entries;
  readonly now: Entries;
  readonly sent: Entries;
  /** Which of them the server holds as deleted. */
  readonly gone: readonly string[];
}

/** Where the unsaved edits of one image outlive the page. Each page has a record of its own. */
export interface OutboxStore {
  /** What a page that is gone left of this image, the oldest first. Its record stays until the next `write` or `remove`. */
  inherit(): Promise<PendingEdits | undefined>;
  /** Leaves what was inherited where it is. */
  giveBack(): void;
  write(edits: PendingEdits): Promise<void>;
  remove(): Promise<void>;
  /** Runs `work` while no other tab of this browser does the same for this image. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Leaves the record to whoever opens the image next. */
  close(): void;
}

/** Whose edits of what, in words that a list of them can show. */
export interface Place {
  readonly person: string;
  readonly image: string;
  readonly name: string;
}

/** A record of the browser's database. */
export interface Kept extends Place {
  readonly edits: PendingEdits;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
}

interface Schema extends DBSchema {
  edits: { key: string; value: Kept };
}

const database = () =>
  openDB<Schema>("maskwright-edits", 1, {
    upgrade: (database) => {
      database.createObjectStore("edits");
    },
  });
let opened: ReturnType<typeof database> | undefined;
const db = () => {
  opened ??= database();
  return opened;
};

const oldestFirst = (records: [string, Kept][]) => records.sort(([, a], [, b]) => a.at - b.at);

/** The records of a person, or of one image of theirs, the oldest first. */
async function records(person: string, image = ""): Promise<[string, Kept][]> {
  const prefix = `${person}:${image}`;
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const transaction = (await db()).transaction("edits");
  const [keys, values] = await Promise.all([
    transaction.store.getAllKeys(range),
    transaction.store.getAll(range),
  ]);
  return oldestFirst(keys.flatMap((key, i) => (values[i] ? [[key, values[i]] as [string, Kept]] : [])));
}

/** Everything of a person that is not saved, in this browser. */
export const keptEdits = async (person: string): Promise<Kept[]> =>
  (await records(person)).map(([, kept]) => kept);

/** Forgets what is kept of an image, except what an open page holds. */
export async function forgetEdits(person: string, image: string): Promise<void> {
  for (const [key] of await records(person, image)) {
    const release = await claim(key);
    if (release) await (await db()).delete("edits", key);
    release?.();
  }
}

/** Records held by this page; other pages' are told by Web Locks, where the browser has them. */
const held = new Set<string>();

/** Makes a record ours, if no page that is still there has it. Answers how to let go of it. */
async function claim(key: string): Promise<(() => void) | undefined> {
  if (held.has(key)) return undefined;
  held.add(key);
  const unlock = await locked(`maskwright-edits:${key}`);
  const release = () => {
    held.delete(key);
    unlock?.();
  };
  if (unlock) return release;
  held.delete(key);
  return undefined;
}

/** Plain-http addresses have no Web Locks: there another tab's record may be inherited too, which only sends it twice. */
function locked(name: string): Promise<(() => void) | undefined> {
  if (navigator.locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((unlock) => resolve(() => unlock()));
    });
  });
}

/** A record in the browser's own database, for one page and image. */
export function browserStore(place: Place): OutboxStore {
  const prefix = `${place.person}:${place.image}:`;
  const own = prefix + Math.random().toString(36).slice(2);
  const owned = claim(own);
  const inherited = new Map<string, () => void>();
  let released = false;

  const letGo = () => {
    for (const release of inherited.values()) release();
    inherited.clear();
  };
  /** In one transaction, so that what was inherited is always in exactly one record. */
  const replace = async (edits?: PendingEdits) => {
    await owned;
    const transaction = (await db()).transaction("edits", "readwrite");
    for (const key of inherited.keys()) void transaction.store.delete(key);
    if (edits) void transaction.store.put({ ...place, edits, at: Date.now() }, own);
    else void transaction.store.delete(own);
    await transaction.done;
    letGo();
  };
  return {
    inherit: async () => {
      for (const [key] of await records(place.person, `${place.image}:`)) {
        if (key === own) continue;
        const release = await claim(key);
        // It may have been dealt with while we waited for it.
        const kept = release && (await (await db()).get("edits", key));
        if (kept && !released) {
          inherited.set(key, release);
          return kept.edits;
        }
        release?.();
      }
      return undefined;
    },
    giveBack: letGo,
    write: replace,
    remove: () => replace(),
    alone: (work) =>
      navigator.locks === undefined
        ? work()
        : navigator.locks.request(`maskwright-send:${prefix}`, work).then((result) => result),
    close: () => {
      released = true;
      letGo();
      void owned.then((release) => release?.());
    },
  };
}
