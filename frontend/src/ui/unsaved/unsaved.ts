import { useEffect, useId } from "react";

/** What people have typed on this page and not saved, by the form it stands in. */
const held = new Map<string, string>();

/** What would be lost if the page were left now, as in "the guidelines". */
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
