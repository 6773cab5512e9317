/** A selection of images and the one from which Shift extends it. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Adds all from the anchor to `id` in the given order; without an anchor that is just `id`. */
export function extend({ ids, anchor }: Selection, id: string, order: readonly string[]): Selection {
  const from = order.indexOf(anchor ?? id);
  const to = order.indexOf(id);
  const start = from < 0 ? to : Math.min(from, to);
  const range = order.slice(start, Math.max(from, to) + 1);
  return { ids: new Set([...ids, ...range]), anchor: anchor ?? id };
}

export const all = (order: readonly string[]): Selection => ({ ids: new Set(order), anchor: null });

/** The index that a key leads to in a grid of `columns`, or undefined when the key does not move. */
export function moved(key: string, index: number, columns: number, length: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -index,
    End: length - 1 - index,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const target = index + step;
  return target >= 0 && target < length ? target : index;
}
