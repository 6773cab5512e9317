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

/** Where unsaved edits outlive the page. */
export interface OutboxStore {
  read(key: string): Promise<PendingEdits | undefined>;
  write(key: string, edits: PendingEdits): Promise<void>;
  remove(key: string): Promise<void>;
}

interface Schema extends DBSchema {
  pending: { key: string; value: PendingEdits };
}

/** The browser's own database. One record an image and user, so two people may share a computer. */
export function browserStore(): OutboxStore {
  const opened = openDB<Schema>("maskwright-outbox", 1, {
    upgrade: (database) => {
      database.createObjectStore("pending");
    },
  });
  return {
    read: async (key) => (await opened).get("pending", key),
    write: async (key, edits) => {
      await (await opened).put("pending", edits, key);
    },
    remove: async (key) => (await opened).delete("pending", key),
  };
}
