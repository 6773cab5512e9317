import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { MAIN_ID } from "../../../ui/shell/Shell";
import { type GridMemory, recallGrid, rememberGrid, selectionOf } from "./gridMemory";
import type { Selection } from "./select";

/** Deeper than this, a list is not loaded again only to scroll there. */
const MAX_RELOADED = 5_000;

interface Listed {
  readonly loaded: number;
  readonly more: boolean;
  readonly loadMore: () => void;
}

/** The selection of the grid, which outlives opening an image and reloading the page, as the place in the list does. */
export function useGridMemory(projectId: string, search: string, { loaded, more, loadMore }: Listed) {
  const [left] = useState(() => {
    const memory = recallGrid(projectId);
    return memory?.search === search ? memory : null;
  });
  const [selection, select] = useState<Selection>(() => selectionOf(left));
  const returning = useReturn(left?.search === search ? left : null, { loaded, more, loadMore });
  const keep = useEffectEvent(() => {
    const scrollTop = returning.current ? (left?.scrollTop ?? 0) : (scroller()?.scrollTop ?? 0);
    rememberGrid(projectId, {
      search,
      scrollTop,
      loaded: Math.max(loaded, returning.current ? (left?.loaded ?? 0) : 0),
      selected: [...selection.ids],
      anchor: selection.anchor,
    });
  });
  // The link of the tab leads back to the filter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is the reason
  useEffect(keep, [search]);
  useLayoutEffect(() => {
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("pagehide", keep);
      keep();
    };
  }, []);
  return [selection, select] as const;
}

/** Loads as much of the list as there was and scrolls to where it was left. Tells whether it is still on its way. */
function useReturn(left: GridMemory | null, { loaded, more, loadMore }: Listed) {
  const returning = useRef((left?.scrollTop ?? 0) > 0);
  useEffect(() => {
    if (!left) returning.current = false;
    if (!returning.current || !left || loaded === 0) return;
    if (more && loaded < Math.min(left.loaded, MAX_RELOADED)) return loadMore();
    const main = scroller();
    if (main) main.scrollTop = left.scrollTop;
    returning.current = false;
  }, [left, loaded, more, loadMore]);
  return returning;
}

const scroller = () => document.getElementById(MAIN_ID);
