import { TextInput } from "@mantine/core";
import styles from "./one.module.css";

interface CommentFieldProps {
  comment: string;
  placeholder: string;
  onComment: (comment: string) => void;
  /** Escape. */
  onEnd: () => void;
}

/** What the annotator reads beside the verdict. */
export const CommentField = ({ comment, placeholder, onComment, onEnd }: CommentFieldProps) => (
  <TextInput
    className={styles.comment}
    aria-label="Comment for the annotator"
    placeholder={placeholder}
    maxLength={5000}
    value={comment}
    onChange={(event) => onComment(event.currentTarget.value)}
    onKeyDown={(event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      onEnd();
    }}
  />
);
