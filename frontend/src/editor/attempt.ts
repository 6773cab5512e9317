import { keepApart } from "../model/actions/keepApart";
import { type History, perform } from "../model/history";
import type { LabeledImage } from "../model/labeledImage";
import { beyondLimits } from "../model/limits";
import { nameOf } from "../model/lookup";
import type { Snapshot } from "./snapshot";

interface Attempt {
  /** What of the snapshot becomes different: the history, or a sentence about why it does not. */
  readonly change: Partial<Snapshot>;
  /** There was nothing to change, which whoever tried says in words of their own. */
  readonly nothing: boolean;
}

/** Does an edit as one entry of the history, as far as the project's rules, locks and the person's rights let it. */
export function attempt(
  snapshot: Snapshot,
  label: string,
  edit: (image: LabeledImage) => LabeledImage,
): Attempt {
  const { history, readOnly } = snapshot;
  const next = perform(history, label, (image) => kept(snapshot, image, edit(image)));
  const held = heldBack(snapshot, next);
  if (readOnly) return refused("You may look at this image, but not change it.");
  if (held.length > 0)
    return refused(`${names(snapshot, held)}: locked. Press L to unlock what is selected.`);
  const why = beyondLimits(history.present, next.present, touchedBy(history, next));
  if (why) return refused(why);
  return { change: withHistory(snapshot, next), nothing: next === history };
}

const refused = (notice: string): Attempt => ({ change: { notice }, nothing: false });

/** What the project's rules leave of an edit. */
const kept = ({ rules }: Snapshot, before: LabeledImage, after: LabeledImage): LabeledImage =>
  rules.overlap === "exclusive" ? keepApart(before, after) : after;

/** The locked objects that the newest entry would touch. */
const heldBack = ({ history, locked }: Snapshot, next: History): readonly string[] =>
  touchedBy(history, next).filter((id) => locked.has(id));

/** The objects that a new history entry touches; none without a new entry. */
const touchedBy = (history: History, next: History): readonly string[] =>
  next === history ? [] : [...(next.done.at(-1)?.before.keys() ?? [])];

/** Another history; what is no longer there is no longer selected. */
export function withHistory(
  { selected }: Snapshot,
  history: History,
): Pick<Snapshot, "history" | "selected"> {
  const there = selected.filter((id) => history.present.annotations.has(id));
  return { history, selected: there.length === selected.length ? selected : there };
}

/** "Sheep 1", or "3 objects". */
export function names({ history, classes }: Snapshot, ids: readonly string[]): string {
  const [first = ""] = ids;
  return ids.length === 1 ? nameOf(history.present, classes, first) : `${ids.length} objects`;
}
