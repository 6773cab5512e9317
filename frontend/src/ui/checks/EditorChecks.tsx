import { useCallback } from "react";
import type { Editor } from "../../editor/Editor";
import type { Box } from "../../geometry/box";
import { toScreen } from "../../geometry/viewport";
import type { Fix } from "../../model/checks";
import { theOnly } from "../../model/lookup";
import { useEditor } from "../editor/useEditor";
import { Checks } from "./Checks";
import styles from "./checks.module.css";

/** The checks of the one object that is selected; each fix is an entry of the history. */
export function EditorChecks({ editor }: { editor: Editor }) {
  const image = useEditor(editor, ({ history }) => history.present);
  const annotation = useEditor(editor, ({ history, selected }) => theOnly(history.present, selected));
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const rules = useEditor(editor, (snapshot) => snapshot.rules);
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  const locked = useEditor(
    editor,
    (snapshot) => annotation !== undefined && snapshot.locked.has(annotation.id),
  );
  const light = useCallback((at: Box | null) => editor.light(at), [editor]);
  if (!annotation) return null;
  const fix = ({ deed, action }: Fix) => {
    if (!editor.edit(`${deed} ${editor.names([annotation.id])}`, action))
      editor.say("Nothing of it would be left, so it stays as it is.");
  };
  return (
    <Checks
      key={annotation.id}
      {...{ annotation, image, classes, rules }}
      onFix={readOnly || locked ? undefined : fix}
      onLight={light}
    />
  );
}

/** A frame around the place in the image that is spoken of, however small it is there. */
export function Lit({ editor }: { editor: Editor }) {
  const at = useEditor(editor, ({ lit }) => lit);
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  if (!at) return null;
  const { x, y } = toScreen(viewport, at);
  const [width, height] = [at.w * viewport.scale + 12, at.h * viewport.scale + 12];
  return (
    <span className={styles.lit} style={{ width, height, transform: `translate(${x - 6}px, ${y - 6}px)` }} />
  );
}
