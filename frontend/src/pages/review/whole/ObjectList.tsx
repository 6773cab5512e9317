import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Editor } from "../../../editor/Editor";
import { nameOf } from "../../../model/lookup";
import { Confidence } from "../../../ui/confidence/Confidence";
import editorStyles from "../../../ui/editor/editor.module.css";
import { useEditor } from "../../../ui/editor/useEditor";
import { useReviewContext } from "../context";
import { MARKS, type Row, STANDING_WORDS } from "./standings";
import styles from "./whole.module.css";

const ROW = 32;

interface ObjectListProps {
  editor: Editor;
  rows: readonly Row[];
  /** The one that is shown. */
  current: string | undefined;
  /** What scrolls around the list. */
  scroller: RefObject<HTMLDivElement | null>;
  onPoint: (id: string) => void;
}

/**
 * All objects of the image: what waits, the least certain first, and how it stands with the others. There can be
 * thousands, so only the lines in sight exist.
 */
export function ObjectList({ editor, rows, current, scroller, onPoint }: ObjectListProps) {
  const { classes } = useReviewContext();
  const image = useEditor(editor, ({ history }) => history.present);
  const list = useRef<HTMLUListElement>(null);
  const visible = useLines(rows, current, scroller, list);
  return (
    <ul
      ref={list}
      className={styles.objects}
      style={{ height: visible.getTotalSize() }}
      aria-label="Objects of the image"
    >
      {visible.getVirtualItems().map(({ index, start, key }) => {
        const row = rows[index];
        if (!row) return null;
        const { annotation, claimed } = row;
        const content = (
          <Line
            row={row}
            name={nameOf(image, classes, annotation.id)}
            colour={classes.find(({ id }) => id === annotation.class_id)?.colour}
          />
        );
        return (
          <li
            key={key}
            style={{ transform: `translateY(${start - visible.options.scrollMargin}px)` }}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            data-standing={row.standing}
          >
            {claimed ? (
              <button
                type="button"
                className={styles.row}
                aria-current={annotation.id === current || undefined}
                onClick={() => onPoint(annotation.id)}
              >
                {content}
              </button>
            ) : (
              <span className={styles.row}>{content}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The lines in sight; the one that is shown comes into sight. */
function useLines(
  rows: readonly Row[],
  current: string | undefined,
  scroller: ObjectListProps["scroller"],
  list: RefObject<HTMLUListElement | null>,
) {
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => setAbove(list.current?.offsetTop ?? 0), [list]);
  const visible = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.annotation.id ?? index,
    scrollMargin: above,
    overscan: 8,
    initialRect: { width: 304, height: 600 },
  });
  const at = rows.findIndex(({ annotation }) => annotation.id === current);
  const newest = useRef(visible);
  useEffect(() => {
    newest.current = visible;
  });
  useEffect(() => {
    if (at >= 0) newest.current.scrollToIndex(at, { align: "auto" });
  }, [at]);
  return visible;
}

const Line = ({ row, name, colour }: { row: Row; name: string; colour: string | undefined }) => (
  <>
    <i className={editorStyles.dot} style={{ background: colour }} />
    <span className={styles.name}>{name}</span>
    <span className={styles.standing}>
      {MARKS[row.standing]} {row.standing === "waiting" ? "" : STANDING_WORDS[row.standing]}
    </span>
    <Confidence annotation={row.annotation} />
  </>
);
