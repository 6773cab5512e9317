import { TextInput } from "@mantine/core";
import styles from "./one.module.css";

interface CommentFieldProps {
  comment: string;
  placeholder: string;
  onComment: (comment: string) => void;
  /** Escape, or Enter where it ends something. */
  onEnd: () => void;
  endsByEnter?: boolean;
  autoFocus?: boolean;
}

/** What the annotator reads beside the verdict. */
export const CommentField = ({
  comment,
  placeholder,
  onComment,
  onEnd,
  endsByEnter = false,
  autoFocus = false,
}: CommentFieldProps) => (
  <TextInput
    className={styles.comment}
    aria-label="Comment for the annotator"
    placeholder={placeholder}
    maxLength={5000}
    value={comment}
    autoFocus={autoFocus}
    onChange={(event) => onComment(event.currentTarget.value)}
    onKeyDown={(event) => {
      if (event.key !== "Escape" && !(endsByEnter && event.key === "Enter")) return;
      event.preventDefault();
      onEnd();
    }}
  />
);
