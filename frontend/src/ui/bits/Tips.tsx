import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";

interface Tip {
  readonly target: HTMLElement;
  readonly words: string;
}

/** Milliseconds that one points at something before its words come. */
const DELAY = 400;
const ID = "tip";

/**
 * Shows the words in `data-tip` of the element that is pointed at, or that was reached by keys. There is one for all:
 * where each button brings its own, pages of many buttons take much longer to make.
 */
export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => watch(setTip), []);
  useEffect(() => {
    tip?.target.setAttribute("aria-describedby", ID);
    return () => tip?.target.removeAttribute("aria-describedby");
  }, [tip]);
  if (!tip) return null;
  const { target, words } = tip;
  // In a column it would lie over the neighbour.
  const position = target.closest("[aria-orientation=vertical]") ? "right" : "top";
  const label = <span id={ID}>{words}</span>;
  return <Tooltip opened {...{ target, position, label }} multiline maw={320} />;
}

/** Tells which tip is to be shown, until it is ended. */
function watch(show: (tip: Tip | null) => void): () => void {
  let target: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turnTo = (next: HTMLElement | null) => {
    clearTimeout(timer);
    if (target) show(null);
    target = next;
    if (next) timer = setTimeout(() => next.isConnected && show(tipOf(next)), DELAY);
  };
  const onPointer = (event: PointerEvent) => {
    const next = event.pointerType === "touch" ? null : tipped(event.target);
    if (next !== target) turnTo(next);
  };
  const onFocus = ({ target: focused }: FocusEvent) => {
    const next = tipped(focused);
    turnTo(next?.matches(":focus-visible") ? next : null);
  };
  const leave = () => turnTo(null);
  const ends = [
    on("pointerover", onPointer),
    on("focusin", onFocus),
    on("focusout", leave),
    on("pointerdown", leave),
    on("keydown", leave),
    on("scroll", leave),
    // Out of the window.
    on("pointerout", ({ relatedTarget }) => relatedTarget === null && leave()),
  ];
  return () => {
    leave();
    for (const end of ends) end();
  };
}

const tipOf = (target: HTMLElement): Tip => ({ target, words: target.dataset["tip"] ?? "" });

const tipped = (element: EventTarget | null): HTMLElement | null =>
  element instanceof Element ? element.closest<HTMLElement>("[data-tip]") : null;

function on<Name extends keyof DocumentEventMap>(
  name: Name,
  listener: (event: DocumentEventMap[Name]) => void,
): () => void {
  document.addEventListener(name, listener, { capture: true, passive: true });
  return () => document.removeEventListener(name, listener, { capture: true });
}
