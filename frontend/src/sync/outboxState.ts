import type { Annotation } from "../model/annotation";
import type { Changes } from "../model/diff";
import type { Patch } from "../model/patch";
import type { Cure } from "./outboxRefusal";
import type { OutboxStore } from "./outboxStore";
import type { Conflict } from "./rebase";

export type SaveState =
  | { readonly kind: "saved" | "saving" }
  | {
      readonly kind: "unsaved";
      /** A sentence for people. */
      readonly reason: string;
      readonly cure: Cure;
      /** How many objects the server does not have as they are here. */
      readonly waiting: number;
    }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

export interface OutboxServer {
  /** Makes all changes or none. Raises `Problem`. The same `opId` again answers the same and does nothing. */
  send(changes: Changes, opId: string): Promise<{ annotations: readonly Annotation[] }>;
  list(): Promise<readonly Annotation[]>;
  /** Brings a deleted annotation back as it was, or answers it as it is if it is there; null if it has never been. */
  restore(id: string): Promise<Annotation | null>;
  newOpId(): string;
}

export interface OutboxInput {
  readonly store: OutboxStore;
  readonly server: OutboxServer;
  /** Called when the picture has to change: an answer, someone else's edit, a resolved conflict. */
  readonly onPatch: (patch: Patch) => void;
}
