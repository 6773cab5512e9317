import { useEffect, useId } from "react";

/** Unsaved input on this page, by form. */
const held = new Map<string, string>();

/** Names of the unsaved parts that leaving the page would lose, as in "the guidelines". */
export const unsaved = (): string[] => [...new Set(held.values())];

/** Lets the page go: what was held is given up. */
export function giveUpUnsaved(): void {
  held.clear();
  window.removeEventListener("beforeunload", hold);
}

/** While there is something unsaved (`what`, as in "the guidelines"), the page asks before it is left. */
export function useUnsaved(what: string | null): void {
  const form = useId();
  useEffect(() => {
    if (what === null) return;
    held.set(form, what);
    window.addEventListener("beforeunload", hold);
    return () => {
      held.delete(form);
      if (held.size === 0) window.removeEventListener("beforeunload", hold);
    };
  }, [form, what]);
}

function hold(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
