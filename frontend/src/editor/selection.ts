import { lacks } from "./asking";
import type { Snapshot } from "./snapshot";

/** What people pick, lock and hide; each function answers what of the snapshot becomes different. */
type Picked = Partial<
  Pick<Snapshot, "selected" | "made" | "asking" | "converting" | "select" | "locked" | "hidden">
>;

export const selecting = ({ select }: Snapshot, ids: readonly string[]): Picked => ({
  selected: ids,
  asking: null,
  converting: null,
  // A point that was touched belongs to what was selected then.
  select: { ...select, vertex: null },
});

/** Selects what a tool has made, as far as the project's rules let it be there. */
export function selectingMade(snapshot: Snapshot, ids: readonly string[]): Picked {
  const there = ids.filter((id) => snapshot.history.present.annotations.has(id));
  return { ...selecting(snapshot, there), made: there, ...asking(snapshot, there) };
}

/** Asks for what an object lacks. Several at once would be asked for too long. */
export function asking({ history, classes }: Snapshot, [id, ...others]: readonly string[]): Picked {
  const lacking = others.length === 0 && lacks(history.present.annotations.get(id ?? ""), classes);
  return { asking: lacking ? (id ?? null) : null };
}

export const selectionToggled = (snapshot: Snapshot, id: string): Picked => {
  const { selected } = snapshot;
  const less = selected.filter((one) => one !== id);
  return selecting(snapshot, selected.includes(id) ? less : [...selected, id]);
};

export function lockToggled(snapshot: Snapshot, ids: readonly string[]): Picked {
  const locked = new Set(snapshot.locked);
  const lock = ids.some((id) => !locked.has(id));
  for (const id of ids) lock ? locked.add(id) : locked.delete(id);
  return { locked };
}

export function hiddenToggled(snapshot: Snapshot, ids: readonly string[]): Picked {
  const hidden = new Set(snapshot.hidden);
  for (const id of ids) if (!hidden.delete(id)) hidden.add(id);
  return { hidden };
}

export function soloToggled({ selected, hidden, history }: Snapshot): Picked {
  const others = [...history.present.annotations.keys()].filter((id) => !selected.includes(id));
  const alone = others.length === hidden.size && others.every((id) => hidden.has(id));
  return { hidden: new Set(alone || selected.length === 0 ? [] : others) };
}
