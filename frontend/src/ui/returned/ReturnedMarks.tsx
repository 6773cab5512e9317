import type { Editor } from "../../editor/Editor";
import { toScreen } from "../../geometry/viewport";
import { boundsOf } from "../../model/annotation";
import { useEditor } from "../editor/useEditor";
import styles from "./returned.module.css";
import type { ReturnedWork } from "./useReturned";

/** On the image, at each object that came back and is not mended. Missing objects have their pins. */
export function ReturnedMarks({ editor, work }: { editor: Editor; work: ReturnedWork }) {
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  const image = useEditor(editor, ({ history }) => history.present);
  const marks = work.all.flatMap(({ id, kind, mended }) => {
    const annotation = image.annotations.get(id);
    const box = annotation && boundsOf(annotation);
    if (kind !== "object" || mended || !box) return [];
    return [{ id, at: toScreen(viewport, { x: box.x + box.w, y: box.y }) }];
  });
  return (
    <div className={styles.marks} aria-hidden="true">
      {marks.map(({ id, at: { x, y } }) => (
        <span
          key={id}
          data-current={work.current?.id === id || undefined}
          style={{ transform: `translate(${x}px, ${y}px)` }}
        >
          ↩
        </span>
      ))}
    </div>
  );
}
