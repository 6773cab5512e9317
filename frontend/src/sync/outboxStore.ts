import {
  claimRecord,
  db,
  newKey,
  type PendingEdits,
  type Place,
  recordLock,
  records,
  tellChange,
  type Why,
} from "./keptEdits";
import { alone, claim } from "./locks";

/** Where the unsaved edits of one image outlive the page. Each page has a record of its own. */
export interface OutboxStore {
  /** What a page that is gone left of this image, the oldest first. Its record stays until the next `write` or `remove`. */
  inherit(): Promise<PendingEdits | undefined>;
  /** Leaves what was inherited where it is. */
  giveBack(): void;
  write(edits: PendingEdits, why: Why | null): Promise<void>;
  remove(): Promise<void>;
  /** How many objects other pages have in hand, in records of theirs. */
  elsewhere(): Promise<number>;
  /** Runs `work` while no other tab of this browser does the same for this image. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Leaves the record to whoever opens the image next; resolves when they can have it. */
  close(): Promise<void>;
}

/** A record in the browser's own database, for one page and image. */
export function browserStore(place: Place): OutboxStore {
  const prefix = `${place.person}:${place.image}:`;
  const own = newKey(prefix);
  const owned = claim(recordLock(own));
  const inherited = new Map<string, { readonly at: number; readonly release: () => void }>();
  let released = false;

  const letGo = () => {
    for (const { release } of inherited.values()) release();
    inherited.clear();
  };
  /**
   * In one transaction, so that what was inherited is always in exactly one record. What was written since then stays: its
   * tab was not gone, only too busy to say so.
   */
  const replace = async (put?: { edits: PendingEdits; why: Why | null }) => {
    await owned;
    const transaction = (await db()).transaction("edits", "readwrite");
    for (const [key, { at }] of inherited)
      if ((await transaction.store.get(key))?.at === at) void transaction.store.delete(key);
    if (put) void transaction.store.put({ ...place, ...put, at: Date.now() }, own);
    else void transaction.store.delete(own);
    await transaction.done;
    letGo();
    tellChange();
  };
  return {
    inherit: async () => {
      for (const [key] of await records(place.person, `${place.image}:`)) {
        if (key === own) continue;
        const release = await claimRecord(key);
        // It may have been dealt with while we waited for it.
        const kept = release && (await (await db()).get("edits", key));
        if (kept && !released) {
          inherited.set(key, { at: kept.at, release });
          return kept.edits;
        }
        release?.();
      }
      return undefined;
    },
    giveBack: letGo,
    write: (edits, why) => replace({ edits, why }),
    remove: () => replace(),
    elsewhere: async () => {
      const others = (await records(place.person, `${place.image}:`)).filter(([key]) => key !== own);
      return new Set(others.flatMap(([, { edits }]) => edits.now.map(([id]) => id))).size;
    },
    alone: (work) => alone(`maskwright-send:${prefix}`, work),
    close: async () => {
      released = true;
      letGo();
      (await owned)?.();
      tellChange();
    },
  };
}
