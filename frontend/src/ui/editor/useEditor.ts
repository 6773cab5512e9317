import { useSyncExternalStore } from "react";
import type { Editor } from "../../editor/Editor";
import type { Snapshot } from "../../editor/snapshot";

/** A part of the editor's state; the component is drawn again only when that part is another value. */
export const useEditor = <Part>(editor: Editor, part: (snapshot: Snapshot) => Part): Part =>
  useSyncExternalStore(editor.subscribe, () => part(editor.getSnapshot()));
