import { type RefObject, useMemo } from "react";
import type { CommandContext } from "../../editor/commands";
import type { Editor } from "../../editor/Editor";
import { countByClass, objectsOf } from "../../model/lookup";
import { Attributes } from "./Attributes";
import styles from "./editor.module.css";
import { Objects } from "./Objects";
import { Selection } from "./Selection";
import { Tags } from "./Tags";
import { useEditor } from "./useEditor";

interface SidePanelProps {
  context: CommandContext;
  attributes: RefObject<HTMLElement | null>;
  canvas: RefObject<HTMLElement | null>;
}

export function SidePanel({ context, attributes, canvas }: SidePanelProps) {
  const { editor } = context;
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  const count = useEditor(editor, (snapshot) => objectsOf(snapshot.history.present).length);
  return (
    <aside className={styles.side} aria-label="Objects and classes">
      <div className={styles.tabs}>
        <span data-active>Objects {count}</span>
      </div>
      <Objects editor={editor} />
      {!readOnly && <Attributes editor={editor} panel={attributes} canvas={canvas} />}
      {!readOnly && <Selection context={context} />}
      <Tags editor={editor} />
      <Classes editor={editor} />
    </aside>
  );
}

/** The classes with their keys; the marked one is what a new object becomes. */
function Classes({ editor }: { editor: Editor }) {
  const image = useEditor(editor, (snapshot) => snapshot.history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const current = useEditor(editor, (snapshot) => snapshot.classId);
  const counts = useMemo(() => countByClass(image), [image]);
  return (
    <section className={styles.classes} aria-label="Classes">
      <h2>Classes</h2>
      {classes.length === 0 && <p className={styles.noObjects}>A manager adds classes in the project.</p>}
      <ul>
        {classes.map(({ id, name, colour }, i) => (
          <li key={id} className={styles.row} data-selected={id === current || undefined}>
            <button
              type="button"
              className={styles.rowMain}
              aria-pressed={id === current}
              onClick={() => editor.chooseClass(id)}
            >
              {i < 9 ? <kbd>{i + 1}</kbd> : <span className={styles.noKey} />}
              <i className={styles.dot} style={{ background: colour }} />
              <span className={styles.rowName}>{name}</span>
              <span className={styles.certainty}>{counts.get(id) ?? 0}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
