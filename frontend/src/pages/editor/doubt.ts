import type { Editor } from "../../editor/Editor";
import type { Doubt } from "../../ui/editor/SubmitQuestion";

/** Whether to ask before the image is submitted: two quick presses must not hand in an image that nobody has seen. */
export function doubtAbout(editor: Editor): Doubt | null {
  const { history } = editor.getSnapshot();
  const annotations = [...history.present.annotations.values()];
  if (annotations.length === 0) return { kind: "nothing" };
  const worked = history.done.length > 0 || history.undone.length > 0;
  const mine = annotations.some(
    (one) => one.created_by?.id === editor.me.id || one.updated_by?.id === editor.me.id,
  );
  return worked || mine ? null : { kind: "untouched", objects: annotations.length };
}
