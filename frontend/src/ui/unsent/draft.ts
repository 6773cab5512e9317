import { modals } from "@mantine/modals";
import type { PendingEdits, Place } from "../../sync/keptEdits";

type Subject = Pick<Place, "image" | "name" | "width" | "height">;

/** The file of a draft: the annotations as they were edited, null where they were deleted, by their ids. */
export const draftOf = ({ image, name, width, height }: Subject, edits: PendingEdits): string =>
  JSON.stringify({ image, name, width, height, annotations: Object.fromEntries(edits.now) }, null, 2);

/** Hands unsaved edits over as a file, so that they outlive this browser too. */
export function downloadDraft(subject: Subject, edits: PendingEdits | null): void {
  if (!edits) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([draftOf(subject, edits)], { type: "application/json" }));
  link.download = `${subject.name}.draft.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

export const askToDiscard = (what: string, discard: () => void): string =>
  modals.openConfirmModal({
    title: "Discard what is not saved?",
    children: what,
    labels: { confirm: "Discard", cancel: "Keep the draft" },
    confirmProps: { color: "red" },
    onConfirm: discard,
  });
