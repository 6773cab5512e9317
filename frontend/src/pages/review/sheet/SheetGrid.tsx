import { useCallback, useEffect, useRef } from "react";
import { useReviewContext } from "../context";
import { Card, cardId } from "./Card";
import type { Layout } from "./layout";
import type { Sheets } from "./Sheets";
import { pointedAt, type Sheet } from "./sheet";
import styles from "./sheet.module.css";

interface SheetGridProps {
  sheets: Sheets;
  sheet: Sheet;
  layout: Layout;
  filled: boolean;
  /** What a click says of a mask that is not marked yet. */
  usualReason: string;
}

/** The masks of a sheet; a click marks one as bad, or as good again. */
export function SheetGrid({ sheets, sheet, layout, filled, usualReason }: SheetGridProps) {
  const { classes } = useReviewContext();
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => grid.current?.focus({ preventScroll: true }), []);
  const press = useCallback(
    (id: string) => {
      const isMarked = sheets.getSnapshot().sheet?.marks.has(id);
      sheets.point(id);
      if (isMarked) sheets.unmark();
      else sheets.mark(usualReason);
    },
    [sheets, usualReason],
  );
  const drawn = useCallback((id: string) => sheets.drawn(id), [sheets]);
  const failed = useCallback((id: string) => sheets.pictureless(id), [sheets]);
  const current = pointedAt(sheet)?.id;
  const { columns, width, height } = layout;
  return (
    <div
      ref={grid}
      className={styles.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      role="listbox"
      aria-multiselectable="true"
      aria-label="Masks to be judged; selected are the bad ones"
      aria-activedescendant={current && cardId(current)}
      tabIndex={0}
    >
      {sheet.items.map((item) => (
        <Card
          key={item.id}
          item={item}
          labelClass={classes.find(({ id }) => id === item.class_id)}
          reason={sheet.marks.get(item.id)}
          current={item.id === current}
          width={width}
          height={height}
          filled={filled}
          onPress={press}
          onDrawn={drawn}
          onFailed={failed}
        />
      ))}
    </div>
  );
}
