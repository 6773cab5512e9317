import { useState } from "react";
import type { Editor } from "../../editor/Editor";
import { drawnAtPin } from "../../model/missing";
import { toastProblem } from "../bits/toast";
import { isOpen } from "../comments/places";
import type { Comments } from "../comments/useComments";
import { useEditor } from "../editor/useEditor";

/** An object was drawn where a reviewer said that one is missing. */
export interface DrawnAtPin {
  /** The object's name, such as "Owl 3". */
  readonly name: string;
  readonly resolve: () => void;
  /** It is something else: the pin stays. */
  readonly dismiss: () => void;
}

/** Offers to resolve the pin of a missing object once this person has drawn one there. */
export function useDrawnAtPin(editor: Editor, comments: Comments): DrawnAtPin | null {
  const image = useEditor(editor, ({ history }) => history.present);
  const [there] = useState(() => new Set(editor.image.annotations.keys()));
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const pins = (comments.threads ?? []).flatMap(({ thread }) => {
    const { id, kind, x, y } = thread;
    return kind === "missing" && isOpen(thread) && x !== null && y !== null ? [{ thread: id, x, y }] : [];
  });
  const drawn = drawnAtPin(
    pins.filter(({ thread }) => !dismissed.includes(thread)),
    image,
    ({ id, created_by }) => !there.has(id) && created_by?.id === comments.me.id,
  );
  if (!drawn || !comments.canWrite) return null;
  const { thread } = drawn.pin;
  const dismiss = () => setDismissed([...dismissed, thread]);
  const resolve = () => {
    comments.actions.resolve(thread, true).catch(toastProblem);
  };
  return { name: editor.names([drawn.annotation.id]), resolve, dismiss };
}
