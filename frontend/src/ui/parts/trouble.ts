import { useSyncExternalStore } from "react";

/** A part of the app that could not be loaded when this path was opened. */
export interface Trouble {
  readonly path: string;
  /** `away`: the server does not answer. `old`: it does, but this page is of an earlier version. */
  readonly kind: "away" | "old";
  /** The build that the server hands out. */
  readonly build: string | null;
}

let current: Trouble | null = null;
const listeners = new Set<() => void>();

export function setTrouble(trouble: Trouble | null): void {
  current = trouble;
  for (const listener of listeners) listener();
}

export function endTrouble(path: string): void {
  if (current?.path === path) setTrouble(null);
}

export const useTrouble = (): Trouble | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
