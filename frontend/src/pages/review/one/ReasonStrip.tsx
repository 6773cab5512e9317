import { CommentField } from "./CommentField";
import styles from "./one.module.css";

interface ReasonStripProps {
  reasons: readonly string[];
  comment: string;
  onComment: (comment: string) => void;
  onReject: (reason: string) => void;
  onCancel: () => void;
}

/** Why a mask is rejected: one key or click says it and rejects. */
export const ReasonStrip = ({ reasons, comment, onComment, onReject, onCancel }: ReasonStripProps) => (
  <section className={styles.strip} aria-label="Why is it rejected?">
    <b>Why?</b>
    {reasons.map((reason, i) => (
      <button key={reason} type="button" onClick={() => onReject(reason)}>
        <kbd>{i + 1}</kbd> {reason}
      </button>
    ))}
    <CommentField
      placeholder="Comment (optional), then choose a reason"
      comment={comment}
      onComment={onComment}
      onEnd={onCancel}
    />
    <button type="button" onClick={onCancel}>
      <kbd>Esc</kbd> Cancel
    </button>
  </section>
);
