import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ImageInfo } from "../../../server/types";
import { MAIN_ID } from "../../../ui/shell/Shell";
import { ImageCell } from "./ImageCell";
import classes from "./images.module.css";
import { all, extend, moved, NOTHING, type Selection, toggle } from "./select";

const NARROWEST = 196;
const GAP = 12;
const ROW = 206 + GAP;

interface ImageGridProps {
  images: ImageInfo[];
  /** The filter of the list, as the query of an address: the editor goes on within it. */
  search: string;
  total: number;
  selectable: boolean;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** The last rows came into sight: more may be loaded. */
  onEnd: () => void;
}

/** Thumbnails of any number of images; only the rows in sight exist. One Tab stop, arrows move, Space selects. */
export function ImageGrid({ images, search, total, selectable, selection, onSelect, onEnd }: ImageGridProps) {
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const ref = useRef<HTMLDivElement>(null);
  const bothRefs = useMergedRef(ref, sizeRef);
  const columns = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
  const rows = useRows(ref, Math.ceil(images.length / columns), width);
  const { active, setActive, focus } = useActive(ref, images.length, (index) =>
    rows.scrollToIndex(Math.floor(index / columns)),
  );
  const lastRow = rows.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if ((lastRow + 1) * columns >= images.length - columns) onEnd();
  }, [lastRow, columns, images.length, onEnd]);

  const order = images.map((image) => image.id);
  const pick = (index: number, further: boolean) => {
    const id = order[index];
    if (id === undefined || !selectable) return;
    setActive(index);
    onSelect(further ? extend(selection, id, order) : toggle(selection, id));
  };
  const press = (event: KeyboardEvent) => {
    const target = moved(event.key, active, columns, images.length);
    if (target !== undefined) focus(target);
    else if (event.key === " ") pick(active, event.shiftKey);
    else if (event.key === "Escape") onSelect(NOTHING);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey) && selectable) onSelect(all(order));
    else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be virtualised like this
    <div
      ref={bothRefs}
      className={classes.grid}
      style={{ height: rows.getTotalSize() }}
      role="grid"
      aria-label="Images"
      aria-multiselectable={selectable}
      aria-rowcount={Math.ceil(total / columns)}
      onKeyDown={press}
    >
      {rows.getVirtualItems().map((row) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div
          key={row.key}
          role="row"
          aria-rowindex={row.index + 1}
          className={classes.gridRow}
          style={{
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            transform: `translateY(${row.start - rows.options.scrollMargin}px)`,
          }}
        >
          {images.slice(row.index * columns, (row.index + 1) * columns).map((image, column) => {
            const index = row.index * columns + column;
            return (
              <ImageCell
                key={image.id}
                image={image}
                search={search}
                index={index}
                selectable={selectable}
                selected={selection.ids.has(image.id)}
                selecting={selection.ids.size > 0}
                active={index === active}
                onPick={pick}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** The page scrolls, not the grid; what stands above the grid is its margin. */
function useRows(grid: { current: HTMLElement | null }, count: number, width: number) {
  const [margin, setMargin] = useState(0);
  const main = () => document.getElementById(MAIN_ID);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width may wrap what stands above
  useLayoutEffect(() => {
    const scroller = main();
    if (!grid.current || !scroller) return;
    const above = grid.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    setMargin(above + scroller.scrollTop);
  }, [grid, width]);
  return useVirtualizer({
    count,
    getScrollElement: main,
    estimateSize: () => ROW,
    overscan: 3,
    scrollMargin: margin,
    initialRect: { width: 1024, height: 768 },
    scrollPaddingStart: 60,
  });
}

/** Which cell has (or would get) the focus; a cell out of sight is scrolled to before it can take it. */
function useActive(grid: { current: HTMLElement | null }, length: number, show: (index: number) => void) {
  const [chosen, setActive] = useState(0);
  const wanted = useRef<number | undefined>(undefined);
  const active = Math.min(chosen, Math.max(0, length - 1));
  useEffect(() => {
    if (wanted.current === undefined) return;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!cell) return;
    wanted.current = undefined;
    cell.focus({ preventScroll: true });
  });
  const focus = (index: number) => {
    wanted.current = index;
    setActive(index);
    show(index);
  };
  return { active, setActive, focus };
}
