import { type DBSchema, openDB } from "idb";
import type { Annotation, LabelClass } from "../model/annotation";
import { tab } from "../server/tab";
import { areShared, claim, lockedNames } from "./locks";
import { heldByOthers } from "./otherTabs";
import type { Cure } from "./outboxRefusal";

type Entries = readonly (readonly [string, Annotation | null])[];

/** Unsaved edits of one image: the edited annotations as the server had them, as they are, and as last sent. */
export interface PendingEdits {
  readonly saved: Entries;
  readonly now: Entries;
  readonly sent: Entries;
  /** Which of them the server holds as deleted. */
  readonly gone: readonly string[];
}

/** Why edits are still here, and what helps: "choose" where somebody else changed the same. */
export interface Why {
  readonly reason: string;
  readonly cure: Cure | "choose";
}

/** Whose edits of what, with all that is needed to show them when the image cannot be opened any more. */
export interface Place {
  readonly person: string;
  readonly image: string;
  readonly name: string;
  readonly project: string;
  readonly width: number;
  readonly height: number;
  readonly thumbnail: string;
  readonly classes: readonly Pick<LabelClass, "id" | "name" | "colour">[];
}

/** A record of the browser's database. */
export interface Kept extends Place {
  readonly edits: PendingEdits;
  /** Null until an attempt to send them has failed. */
  readonly why: Why | null;
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

/** What could not be opened is tried again: a full disk may have room later. */
export function db(): ReturnType<typeof database> {
  opened ??= database().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** The lock of whoever has a record in hand. */
export const recordLock = (key: string): string => `maskwright-edits:${key}`;

/** A key for a record of this tab, whose pages follow one another. */
export const newKey = (prefix: string): string => `${prefix}${tab}:${Math.random().toString(36).slice(2)}`;

const isOwn = (key: string): boolean => key.includes(`:${tab}:`);

/** The locks of records that other tabs have in hand, where those cannot be seen. */
function unseenLocks(keys: readonly string[]): Promise<ReadonlySet<string>> {
  const others = areShared() ? [] : keys.filter((key) => !isOwn(key));
  return heldByOthers(others.map(recordLock));
}

/** Takes a record in hand if no page that is open has it; answers how to let go of it. */
export async function claimRecord(key: string): Promise<(() => void) | undefined> {
  const name = recordLock(key);
  return (await unseenLocks([key])).has(name) ? undefined : claim(name);
}

/** The records of a person, or of one image of theirs, the oldest first. */
export async function records(person: string, image = ""): Promise<[string, Kept][]> {
  const prefix = `${person}:${image}`;
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const transaction = (await db()).transaction("edits");
  const [keys, values] = await Promise.all([
    transaction.store.getAllKeys(range),
    transaction.store.getAll(range),
  ]);
  const all = keys.flatMap((key, i) => (values[i] ? [[key, values[i]] as [string, Kept]] : []));
  return all.sort(([, a], [, b]) => a.at - b.at);
}

/** Unsaved edits, wherever they are kept. */
export interface Listed extends Kept {
  /** Whether a page that is open has them in hand. */
  readonly held: boolean;
  /** Whether they go with this tab, as the browser's database did not take them. */
  readonly onlyHere: boolean;
}

/** Everything of a person that is not saved, in this browser, or of one image of theirs. */
export async function keptEdits(person: string, image = ""): Promise<Listed[]> {
  const kept = await records(person, image);
  const [locked, unseen] = await Promise.all([lockedNames(), unseenLocks(kept.map(([key]) => key))]);
  const isHeld = (key: string) => locked.has(key) || unseen.has(key);
  return kept.map(([key, one]) => ({ ...one, held: isHeld(recordLock(key)), onlyHere: false }));
}

/** Forgets what is kept of an image, except what an open page holds. */
export async function forgetEdits(person: string, image: string): Promise<void> {
  for (const [key] of await records(person, `${image}:`)) {
    const release = await claimRecord(key);
    if (release) await (await db()).delete("edits", key);
    release?.();
  }
  tellChange();
}

const CHANNEL = "maskwright-edits";
const openChannel = () =>
  typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(CHANNEL);
let speaker: BroadcastChannel | undefined;

/** Tells all tabs, this one too, that records came or went. */
export function tellChange(): void {
  speaker ??= openChannel();
  speaker?.postMessage(null);
}

// A tab that is closed leaves what it has in hand to the others.
window.addEventListener("pagehide", tellChange);

/** Calls `listener` whenever records came or went in any tab, until the answered function is called. */
export function onKeptChange(listener: () => void): () => void {
  const channel = openChannel();
  channel?.addEventListener("message", listener);
  return () => channel?.close();
}
