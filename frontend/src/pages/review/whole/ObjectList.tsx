import { useEffect, useRef } from "react";
import type { Editor } from "../../../editor/Editor";
import { nameOf } from "../../../model/lookup";
import editorStyles from "../../../ui/editor/editor.module.css";
import { useEditor } from "../../../ui/editor/useEditor";
import { score, scoreTone } from "../../../ui/editor/words";
import { useReviewContext } from "../context";
import { MARKS, type Row, STANDING_WORDS } from "./standings";
import styles from "./whole.module.css";

interface ObjectListProps {
  editor: Editor;
  rows: readonly Row[];
  /** The one that is shown. */
  current: string | undefined;
  onPoint: (id: string) => void;
}

/** All objects of the image: what waits, the least certain first, and how it stands with the others. */
export function ObjectList({ editor, rows, current, onPoint }: ObjectListProps) {
  const { classes } = useReviewContext();
  const image = useEditor(editor, ({ history }) => history.present);
  return (
    <ul className={styles.objects} aria-label="Objects of the image">
      {rows.map((row) => {
        const { annotation, claimed } = row;
        const content = (
          <Line
            row={row}
            name={nameOf(image, classes, annotation.id)}
            colour={classes.find(({ id }) => id === annotation.class_id)?.colour}
          />
        );
        const shown = annotation.id === current;
        return (
          <li key={annotation.id} data-standing={row.standing}>
            {claimed ? (
              <Pointable shown={shown} onPress={() => onPoint(annotation.id)}>
                {content}
              </Pointable>
            ) : (
              <span className={styles.row}>{content}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface PointableProps {
  shown: boolean;
  onPress: () => void;
  children: React.ReactNode;
}

function Pointable({ shown, onPress, children }: PointableProps) {
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (shown) element.current?.scrollIntoView?.({ block: "nearest" });
  }, [shown]);
  return (
    <button
      ref={element}
      type="button"
      className={styles.row}
      aria-current={shown || undefined}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

const Line = ({ row, name, colour }: { row: Row; name: string; colour: string | undefined }) => (
  <>
    <i className={editorStyles.dot} style={{ background: colour }} />
    <span className={styles.name}>{name}</span>
    <span className={styles.standing}>
      {MARKS[row.standing]} {row.standing === "waiting" ? "" : STANDING_WORDS[row.standing]}
    </span>
    <b data-tone={scoreTone(row.annotation.confidence)} title="Confidence">
      {score(row.annotation.confidence)}
    </b>
  </>
);
