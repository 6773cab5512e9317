import type { Editor } from "../../editor/Editor";
import { tagOf } from "../../model/lookup";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";

/** What the whole image is of, where the project uses tags. With its tool the numbers are tags. */
export function Tags({ editor }: { editor: Editor }) {
  const image = useEditor(editor, (snapshot) => snapshot.history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const used = useEditor(editor, ({ rules }) => rules.kinds.includes("tag"));
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  const active = useEditor(editor, ({ tool }) => tool === "tag");
  if (!used || classes.length === 0) return null;
  return (
    <section className={styles.tags} aria-label="Tags of the image" data-active={active || undefined}>
      <h2>
        Image tags <kbd>W</kbd>
      </h2>
      <div className={styles.options}>
        {classes.map(({ id, name }, i) => (
          <button
            key={id}
            type="button"
            aria-pressed={tagOf(image, id) !== undefined}
            disabled={readOnly}
            onClick={() => editor.toggleTag(id)}
          >
            {active && i < 9 && <kbd>{i + 1}</kbd>} {name}
          </button>
        ))}
      </div>
    </section>
  );
}
