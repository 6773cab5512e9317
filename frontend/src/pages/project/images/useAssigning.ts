import { type Assigned, useAssign, useUnassign, useUndoAssigning } from "../../../server/assignments";
import type { ChangeEvents } from "../../../server/types";
import { counted } from "../../../ui/bits/number";
import { type ToastAction, toastActions, toastDone, toastProblem } from "../../../ui/bits/toast";
import { assignedSentence, leftOf, unassignedSentence } from "./assigned";

interface Annotator {
  readonly id: string;
  readonly name: string;
}

/** Assigning and unassigning images, each with a way to undo it, and to include what was left as it was. */
export function useAssigning(projectId: string, onAssigned: () => void) {
  const [assign, unassign, undo] = [
    useAssign(projectId),
    useUnassign(projectId),
    useUndoAssigning(projectId),
  ];
  // The toasts outlive the bar that they come from, so nothing here waits for it.
  const undoing = (changes: ChangeEvents[]): ToastAction[] => {
    const run = () => void undo.mutateAsync(changes).then(tellUndone, toastProblem);
    return changes.length > 0 ? [{ label: "Undo", run }] : [];
  };
  const give = (user: Annotator, images: string[], includeFinished = false) => {
    const tell = (made: Assigned) => {
      const left = leftOf(made);
      const include = { label: "Assign these too", run: () => give(user, left, true) };
      toastActions(assignedSentence(made, user.name), [
        ...undoing(made.undo),
        ...(left.length > 0 ? [include] : []),
      ]);
      onAssigned();
    };
    void assign.mutateAsync({ annotator: user.id, images, includeFinished }).then(tell, toastProblem);
  };
  const takeAway = (images: string[]) => {
    const tell = (made: Assigned) => {
      toastActions(unassignedSentence(made), undoing(made.undo));
      onAssigned();
    };
    void unassign.mutateAsync(images).then(tell, toastProblem);
  };
  return { give, takeAway, isPending: assign.isPending || unassign.isPending };
}

const tellUndone = (left: number) =>
  toastDone(
    left === 0 ? "Undone." : `Undone, except for ${counted(left, "image")} that changed in the meantime.`,
  );
