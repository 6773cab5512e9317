import { TextInput } from "@mantine/core";
import { useState } from "react";
import styles from "../review.module.css";

interface ReasonStripProps {
  reasons: readonly string[];
  onReject: (reason: string, comment: string) => void;
  onCancel: () => void;
}

/** Why a mask is rejected: one key or click says it and rejects. */
export function ReasonStrip({ reasons, onReject, onCancel }: ReasonStripProps) {
  const [comment, setComment] = useState("");
  return (
    <section
      className={styles.strip}
      aria-label="Why is it rejected?"
      onKeyDown={(event) => {
        const reason = reasons[Number(event.key) - 1];
        const typing = event.target instanceof HTMLInputElement;
        if (event.key === "Escape") onCancel();
        else if (reason && !typing) onReject(reason, comment);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <b>Why?</b>
      {reasons.map((reason, i) => (
        <button
          key={reason}
          type="button"
          // biome-ignore lint/a11y/noAutofocus: the strip was asked for by a key, and takes the next one
          autoFocus={i === 0}
          onClick={() => onReject(reason, comment)}
        >
          <kbd>{i + 1}</kbd> {reason}
        </button>
      ))}
      <TextInput
        className={styles.comment}
        aria-label="Comment for the annotator"
        placeholder="Comment (optional), then choose a reason"
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <button type="button" onClick={onCancel}>
        <kbd>Esc</kbd> Cancel
      </button>
    </section>
  );
}
