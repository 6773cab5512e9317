import { type KeyboardEvent, type ReactNode, useState } from "react";
import { sentenceOf } from "../../server/problem";
import styles from "./comments.module.css";

interface ComposerProps {
  label: string;
  /** What the button says. */
  verb: string;
  /** Rejects with a problem; the words stay then, to be sent again. */
  onSend: (text: string) => Promise<unknown>;
  onCancel?: () => void;
  text?: string;
  focused?: boolean;
  children?: ReactNode;
  /** What can be done instead of writing. */
  beside?: ReactNode;
}

/** Where people write: Ctrl+Enter sends, Esc gives up. */
export function Composer({
  label,
  verb,
  onSend,
  onCancel,
  text = "",
  focused = false,
  children,
  beside,
}: ComposerProps) {
  const [words, setWords] = useState(text);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const empty = words.trim() === "";
  const send = async () => {
    if (empty || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSend(words.trim());
      setWords("");
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
    else if (event.key === "Escape" && onCancel) onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.composer}>
      <textarea
        aria-label={label}
        placeholder={label}
        rows={2}
        maxLength={5000}
        value={words}
        // biome-ignore lint/a11y/noAutofocus: it appears because somebody asked for it
        autoFocus={focused}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {problem && (
        <p role="alert" className={styles.problem}>
          Not sent: {problem}
        </p>
      )}
      {children}
      <div className={styles.buttons}>
        <button
          type="button"
          className={styles.send}
          aria-disabled={empty || busy}
          onClick={() => void send()}
        >
          {verb}
        </button>
        {onCancel && (
          <button type="button" className={styles.quiet} onClick={onCancel}>
            Cancel
          </button>
        )}
        {beside}
        <kbd>Ctrl Enter</kbd>
      </div>
    </div>
  );
}
