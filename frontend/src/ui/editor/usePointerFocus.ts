import { type RefObject, useEffect } from "react";

/** Fields that people go on writing or choosing in after a click. */
const KEEPS_FOCUS =
  "textarea, select, [contenteditable=true], input:not([type=range], [type=radio], [type=checkbox])";

/**
 * Gives the focus back to the canvas after a mouse click, so that Enter, Space, Tab and letters reach the image. A control
 * that was reached by keys keeps the focus. The page's `data-input` names the device that was used last.
 */
export function usePointerFocus(page: RefObject<HTMLElement | null>, canvas: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const element = page.current;
    if (!element) return;
    const ends = new AbortController();
    const listen = (name: string, listener: () => void, capture = true) =>
      element.addEventListener(name, listener, { capture, signal: ends.signal });
    const used = (input: "pointer" | "keys") => () => {
      element.dataset["input"] = input;
    };
    listen("pointerdown", used("pointer"));
    // A shortcut can be pressed with the focus outside of the page's elements.
    window.addEventListener("keydown", used("keys"), { capture: true, signal: ends.signal });
    // Before React's own listeners: what a click opens takes the focus after this.
    listen("click", () => isByPointer(element) && isFree(element) && focus(canvas.current), false);
    return () => ends.abort();
  }, [page, canvas]);
}

/** Whether the page around an element was last used with a mouse or pen rather than with keys. */
export const isByPointer = (element: Element | null): boolean =>
  element?.closest("[data-input=pointer]") != null;

/** Whether nobody writes in a field of the page, and nothing outside of it, as a dialog, has the focus. */
function isFree(page: Element): boolean {
  const active = document.activeElement;
  if (active === null || active === document.body) return true;
  return page.contains(active) && !active.matches(KEEPS_FOCUS);
}

const focus = (element: HTMLElement | null) => element?.focus({ preventScroll: true });
