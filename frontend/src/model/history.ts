import { type LabeledImage, patched } from "./labeledImage";
import { type Patch, patchBetween } from "./patch";

/** One gesture: what "Undo" and "Redo" call it ("brush stroke on Owl 2"), and the annotations it touched, as they were and as they became. */
export interface Entry {
  readonly label: string;
  readonly before: Patch;
  readonly after: Patch;
}

/** An image with all that was done to it, newest last; `undone` holds what redo brings back, next one last. */
export interface History {
  readonly present: LabeledImage;
  readonly done: readonly Entry[];
  readonly undone: readonly Entry[];
}

export const startHistory = (present: LabeledImage): History => ({ present, done: [], undone: [] });

/** Does an edit. One that changes nothing leaves no entry. */
export function perform(
  history: History,
  label: string,
  edit: (image: LabeledImage) => LabeledImage,
): History {
  const present = edit(history.present);
  const after = patchBetween(history.present.annotations, present.annotations);
  if (after.size === 0) return history;
  const before = patchBetween(present.annotations, history.present.annotations);
  return { present, done: [...history.done, { label, before, after }], undone: [] };
}

export function undo(history: History): History {
  const entry = history.done.at(-1);
  if (!entry) return history;
  return {
    present: patched(history.present, entry.before),
    done: history.done.slice(0, -1),
    undone: [...history.undone, entry],
  };
}

export function redo(history: History): History {
  const entry = history.undone.at(-1);
  if (!entry) return history;
  return {
    present: patched(history.present, entry.after),
    done: [...history.done, entry],
    undone: history.undone.slice(0, -1),
  };
}

/** What undo or redo has just done, in words; empty after anything else. */
export function stepBetween(before: History, after: History): string {
  const [last, next] = [before.done.at(-1), before.undone.at(-1)];
  if (last && after.undone.at(-1) === last) return `Undone: ${last.label}`;
  return next && after.done.at(-1) === next ? `Redone: ${next.label}` : "";
}

/** Takes in what came from the server. It is nobody's gesture here, so undo does not take it back. */
export const receive = (history: History, patch: Patch): History => ({
  ...history,
  present: patched(history.present, patch),
});
