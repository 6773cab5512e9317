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
          {doubt?.kind === "nothing" ? "Nothing to label" : "Submit as it is"}
        </Button>
      </Group>
    </Modal>
  );
}

const titleOf = ({ kind }: Doubt): string =>
  kind === "nothing" ? "Nothing to label here?" : "Submit without a change?";

const sentenceOf = (doubt: Doubt): string =>
  doubt.kind === "nothing"
    ? "No object is labeled on this image. A reviewer sees that you found nothing to label."
    : `You have changed nothing on this image. It has ${doubt.objects === 1 ? "1 object" : `${doubt.objects} objects`} by others.`;

function refuse(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, repeat } = event;
  if (key === "Enter" && (ctrlKey || metaKey || repeat)) event.preventDefault();
}
