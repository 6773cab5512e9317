import { type DBSchema, openDB } from "idb";
import type { Annotation, LabelClass } from "../model/annotation";
import { areShared, claim, lockedNames } from "./locks";
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

/** Milliseconds without a word after which a tab that cannot be asked counts as gone. */
const SILENCE = 120_000;
const loaded = Date.now();
const ownKeys = new Set<string>();

/** A key for a record of this tab. */
export function newKey(prefix: string): string {
  const key = prefix + Math.random().toString(36).slice(2);
  ownKeys.add(key);
  return key;
}

/**
 * Whether a record may be taken in hand, as far as its age tells. Where tabs do not know of each other's locks, what is
 * newer than this tab belongs to one that is open: two that took it from each other would do so for ever.
 */
const isFree = (key: string, { at }: Kept): boolean =>
  areShared() || ownKeys.has(key) || at < Math.max(loaded, Date.now() - SILENCE);

/** Takes a record in hand if no page that is open has it; answers how to let go of it. */
export const claimRecord = async (key: string, kept: Kept): Promise<(() => void) | undefined> =>
  isFree(key, kept) ? claim(recordLock(key)) : undefined;

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
  const [kept, locked] = await Promise.all([records(person, image), lockedNames()]);
  return kept.map(([key, one]) => {
    const held = locked.has(recordLock(key)) || !isFree(key, one);
    return { ...one, held, onlyHere: false };
  });
}

/** Forgets what is kept of an image, except what an open page holds. */
export async function forgetEdits(person: string, image: string): Promise<void> {
  for (const [key, kept] of await records(person, `${image}:`)) {
    const release = await claimRecord(key, kept);
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

/** Calls `listener` whenever records came or went in any tab, until the answered function is called. */
export function onKeptChange(listener: () => void): () => void {
  const channel = openChannel();
  channel?.addEventListener("message", listener);
  return () => channel?.close();
}
