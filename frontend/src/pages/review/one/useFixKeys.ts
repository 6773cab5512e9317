import { type RefObject, useEffect, useRef } from "react";
import type { CommandContext } from "../../../editor/commands";
import { attachKeys, isTaken, keyOf } from "../../../editor/keys";
import { isIdle } from "../../../editor/toolbox";

interface FixKeys {
  canvas: RefObject<HTMLDivElement | null>;
  context: CommandContext;
  done: () => void;
  back: () => void;
}

/** The editor's keys; and Enter, A and Escape lead out where the editor has no work under way that they belong to. */
export function useFixKeys({ canvas, ...given }: FixKeys): void {
  const newest = useRef(given);
  useEffect(() => {
    newest.current = given;
  });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    element.focus({ preventScroll: true });
    const detach = attachKeys(element, () => newest.current.context);
    const onKeyDown = (event: KeyboardEvent) => {
      const key = keyOf(event);
      const leads = wayOut(key, newest.current);
      if (!leads || event.repeat || isTaken(event, key)) return;
      event.preventDefault();
      leads();
    };
    // Before the editor's keys, which leave alone what is dealt with already.
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      detach();
      window.removeEventListener("keydown", onKeyDown, { capture: true });
    };
  }, [canvas]);
}

function wayOut(key: string, { context, done, back }: Omit<FixKeys, "canvas">): (() => void) | undefined {
  const { converting, proposing, crosshair } = context.editor.getSnapshot();
  const free = isIdle(context.editor.getSnapshot()) && !converting;
  if (!free) return undefined;
  switch (key) {
    case "Escape":
      return back;
    case "Enter":
      return proposing.lit || crosshair ? undefined : done;
    case "A":
      return done;
    default:
      return undefined;
  }
}
