import type { Annotation } from "../model/annotation";
import type { Versions } from "../model/compare";
import { same, sameContent } from "../model/diff";
import type { Annotations, Patch } from "../model/patch";

/** Both sides changed the same annotation. */
export type Conflict = Versions;

export interface Rebased {
  readonly saved: Annotations;
  readonly now: Annotations;
  readonly conflicts: readonly Conflict[];
}

type Maybe = Annotation | undefined;

const equal = (a: Maybe, b: Maybe) => a === b || (a !== undefined && b !== undefined && sameContent(a, b));

/**
 * Their annotation, with our geometry objects where they are equal: what was decoded and drawn stays so. Ours itself
 * where nothing differs.
 */
export function adopt(mine: Maybe, theirs: Annotation): Annotation {
  if (!mine) return theirs;
  if (same(mine, theirs)) return mine;
  const shared = (["segmentation", "polygon", "bbox"] as const).filter((key) => same(mine[key], theirs[key]));
  return { ...theirs, ...Object.fromEntries(shared.map((key) => [key, mine[key]])) };
}

/**
 * Puts our unsaved edits onto what the server has now. `saved` is what we last knew the server to have, `now`
 * what people see here, `sent` what a request whose answer we never got was to make of some annotations (null:
 * deleted). What nobody edited here becomes theirs; what only we edited stays ours, on top of their version.
 */
export function rebase(
  { saved, now }: { saved: Annotations; now: Annotations },
  fetched: Annotations,
  sent: Patch = new Map(),
): Rebased {
  const [base, seen] = [new Map(fetched), new Map<string, Annotation>()];
  const conflicts: Conflict[] = [];
  for (const id of new Set([...now.keys(), ...fetched.keys(), ...saved.keys()])) {
    const [before, mine, theirs] = [saved.get(id), now.get(id), fetched.get(id)];
    const landed = sent.has(id) && equal(sent.get(id) ?? undefined, theirs);
    const untouched = equal(before, mine) && !landed;
    const takeTheirs = untouched || equal(mine, theirs);
    const result = takeTheirs ? theirs && adopt(mine, theirs) : mine;
    if (result) seen.set(id, result);
    // One object on both sides, so that nobody has to look into it to see that nothing is to be saved.
    if (takeTheirs && result) base.set(id, result);
    if (takeTheirs || landed || equal(before, theirs)) continue;
    conflicts.push({ id, mine: mine ?? null, theirs: theirs ?? null });
    if (before) base.set(id, before);
    else base.delete(id);
  }
  return { saved: base, now: seen, conflicts };
}
