import { Button, Group, Modal, Textarea } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { toastProblem } from "../bits/toast";
import styles from "./panels.module.css";

interface SkipDialogProps {
  opened: boolean;
  onClose: () => void;
  /** Rejects with an error whose message is a sentence for people. */
  onSkip: (reason: string) => Promise<void>;
}

const REASONS = ["Too dark or blurred", "The guidelines do not cover this"];
/** As many letters as the server takes. */
const LONGEST = 300;

/** Puts the image aside. The reason is for the manager, who decides what becomes of it. */
export const SkipDialog = ({ opened, onClose, onSkip }: SkipDialogProps) => (
  <Modal opened={opened} onClose={onClose} title="Skip this image" size="sm">
    <Reason onClose={onClose} onSkip={onSkip} />
  </Modal>
);

function Reason({ onClose, onSkip }: Omit<SkipDialogProps, "opened">) {
  const [reason, setReason] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const skip = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSkip(reason.trim());
      onClose();
    } catch (error) {
      const why = error instanceof Error ? error.message : "The image could not be skipped. Try again.";
      // The dialog can be closed by now, and its image left.
      if (!form.current) return toastProblem(`The image was not skipped. ${why}`);
      setRefusal(why);
      setBusy(false);
    }
  };
  return (
    <form ref={form} onSubmit={(event) => void skip(event)}>
      <div className={styles.reasons}>
        {REASONS.map((text) => (
          <Button key={text} size="compact-sm" variant="default" onClick={() => setReason(text)}>
            {text}
          </Button>
        ))}
      </div>
      <Textarea
        data-autofocus
        label="Reason"
        description="The manager of the project reads it. What you have labeled stays."
        autosize
        minRows={2}
        maxLength={LONGEST}
        value={reason}
        error={refusal}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={reason.trim() === ""}>
          Skip the image
        </Button>
      </Group>
    </form>
  );
}
