import { useEffect, useRef } from "react";
import { isTaken, keyOf } from "../../../editor/keys";
import type { Fix } from "../../../model/checks";
import type { ReviewItem } from "../../../server/types";
import type { EditSession } from "../../editor/session";

/** A fix that was asked for while the mask was judged, and whether it is to be accepted once it is fixed. */
export interface Pending {
  readonly fix: Fix;
  readonly accept: boolean;
}

/** Remembers an A that comes before the tools are there to take it. */
export function useAcceptMeanwhile(waits: boolean, onAccept: () => void): void {
  const newest = useRef(onAccept);
  useEffect(() => {
    newest.current = onAccept;
  });
  useEffect(() => {
    if (!waits) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (key !== "A" || event.repeat || isTaken(event, key)) return;
      event.preventDefault();
      newest.current();
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [waits]);
}

interface Applied {
  session: EditSession;
  item: ReviewItem;
  pending: Pending | null;
  done: () => void;
}

/** Applies the fix once, to the mask that it was found of and to no later one; then accepts, where that was asked. */
export function usePendingFix({ session: { editor }, item, pending, done }: Applied): void {
  const applied = useRef(false);
  useEffect(() => {
    if (!pending || applied.current) return;
    applied.current = true;
    const { deed, action } = pending.fix;
    if (editor.image.annotations.get(item.id)?.version !== item.version)
      editor.say("It was changed meanwhile, so the fix was left.");
    else if (!editor.edit(`${deed} ${editor.names([item.id])}`, action))
      editor.say("Nothing of it would be left, so it stays as it is.");
    else if (pending.accept) done();
  }, [editor, item, pending, done]);
}
