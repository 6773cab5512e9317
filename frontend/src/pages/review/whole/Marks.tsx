import type { Editor } from "../../../editor/Editor";
import { toScreen } from "../../../geometry/viewport";
import { boundsOf } from "../../../model/annotation";
import { useEditor } from "../../../ui/editor/useEditor";
import { MARKS, type Row } from "./standings";
import styles from "./whole.module.css";

/** How it stands with what does not wait, on each object, as large at every zoom. The list says it in words. */
export function Marks({ editor, rows }: { editor: Editor; rows: readonly Row[] }) {
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  return (
    <div className={styles.marks} aria-hidden="true">
      {rows.map(({ annotation, standing }) => {
        const box = boundsOf(annotation);
        if (!box || standing === "waiting") return null;
        const { x, y } = toScreen(viewport, { x: box.x + box.w / 2, y: box.y + box.h / 2 });
        return (
          <span
            key={annotation.id}
            className={styles.mark}
            data-standing={standing}
            style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -50%)` }}
          >
            {MARKS[standing]}
          </span>
        );
      })}
    </div>
  );
}
