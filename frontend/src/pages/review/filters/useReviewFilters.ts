import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { isNarrowed, type QueueView, queryOf, viewOf } from "./filters";

export interface FilteredView extends QueueView {
  /** The view as an address's query, without the question mark: equal for equal views. */
  readonly query: string;
  readonly narrowed: boolean;
  /** Shows another part of the queue; `undefined` takes a filter away. */
  readonly narrow: (change: Record<string, string | undefined>) => void;
  readonly clear: () => void;
}

/** Which part of the queue the page shows: it lives in the address, so that a link shows the same. */
export function useReviewFilters(): FilteredView {
  const [params, setParams] = useSearchParams();
  const query = queryOf(viewOf(params));
  // The same object for the same view, whatever else is in the address.
  const view = useMemo(() => viewOf(new URLSearchParams(query)), [query]);
  const narrow: FilteredView["narrow"] = (change) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(change)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
  return { ...view, query, narrowed: isNarrowed(view), narrow, clear: () => setParams({}) };
}
