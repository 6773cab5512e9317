import { Button, Group, Modal } from "@mantine/core";
import type { KeyboardEvent } from "react";

/** Why somebody is asked whether they mean to submit: nothing is labeled, or they have done nothing to what is. */
export type Doubt = { readonly kind: "nothing" } | { readonly kind: "untouched"; readonly objects: number };

interface SubmitQuestionProps {
  doubt: Doubt | null;
  onConfirm: () => void;
  onBack: () => void;
}

/** Enter confirms. A key that submits, pressed once more or held down, does not. */
export function SubmitQuestion({ doubt, onConfirm, onBack }: SubmitQuestionProps) {
  return (
    <Modal
      opened={doubt !== null}
      onClose={onBack}
      title={doubt && titleOf(doubt)}
      size="sm"
      onKeyDown={refuse}
    >
      {doubt && <p>{sentenceOf(doubt)}</p>}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onBack} rightSection={<kbd>Esc</kbd>}>
          Go back
        </Button>
        <Button data-autofocus onClick={onConfirm} rightSection={<kbd>⏎</kbd>}>
          {doubt?.kind === "nothing" ? "Nothing to label" : "Submit as is"}
        </Button>
      </Group>
    </Modal>
  );
}

const titleOf = ({ kind }: Doubt): string =>
  kind === "nothing" ? "Nothing to label here?" : "Submit without changes?";

const sentenceOf = (doubt: Doubt): string =>
  doubt.kind === "nothing"
    ? "No objects are labeled on this image. Confirm only if there is nothing to label."
    : `You have not changed anything on this image. It has ${doubt.objects === 1 ? "1 object" : `${doubt.objects} objects`} labeled by others.`;

function refuse(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, repeat } = event;
  if (key === "Enter" && (ctrlKey || metaKey || repeat)) event.preventDefault();
}
