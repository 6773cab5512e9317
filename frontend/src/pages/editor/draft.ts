import { modals } from "@mantine/modals";
import type { PendingEdits } from "../../sync/outboxStore";

/** The file of a draft: the annotations as they were edited, null where they were deleted, by their ids. */
export const draftOf = (image: string, edits: PendingEdits): string =>
  JSON.stringify({ image, annotations: Object.fromEntries(edits.now) }, null, 2);

/** Hands unsaved edits over as a file, so that they outlive this browser too. */
export function downloadDraft(image: string, edits: PendingEdits | null): void {
  if (!edits) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([draftOf(image, edits)], { type: "application/json" }));
  link.download = `${image}.draft.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

export const askToDiscard = (discard: () => void): string =>
  modals.openConfirmModal({
    title: "Discard what is not saved?",
    children: "Your unsaved edits of this image are given up, and it shows what the server has.",
    labels: { confirm: "Discard", cancel: "Keep the draft" },
    confirmProps: { color: "red" },
    onConfirm: discard,
  });
