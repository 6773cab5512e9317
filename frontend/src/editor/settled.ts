import type { Editor } from "./Editor";
import { isKeeping } from "./toolbox";

/** Resolves once everything that Enter has kept is an object, or could not be kept: nothing waits for the model. */
export function settled(editor: Editor): Promise<void> {
  if (!isKeeping(editor.getSnapshot())) return Promise.resolve();
  return new Promise((resolve) => {
    const leave = editor.subscribe(() => {
      if (isKeeping(editor.getSnapshot())) return;
      leave();
      resolve();
    });
  });
}
