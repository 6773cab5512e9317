import { useSyncExternalStore } from "react";
import type { Editor, Snapshot } from "../../editor/Editor";

/** A part of the editor's state; the component is drawn again only when that part is another value. */
export const useEditor = <Part>(editor: Editor, part: (snapshot: Snapshot) => Part): Part =>
  useSyncExternalStore(editor.subscribe, () => part(editor.getSnapshot()));
