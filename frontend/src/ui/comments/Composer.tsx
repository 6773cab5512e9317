import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { sentenceOf } from "../../server/problem";
import styles from "./comments.module.css";

interface ComposerProps {
  label: string;
  /** What the button says. */
  verb: string;
  /** Rejects with a problem; the words stay then, to be sent again. */
  onSend: (text: string) => Promise<unknown>;
  /** Ends the writing. The button gives the words up; Esc puts them aside, to go on later. */
  onCancel?: () => void;
  /** What is in the field at first. */
  text?: string;
  /** Where the words outlive the page until they are sent or given up. */
  draft: Written;
  focused?: boolean;
  /** It may be sent without words. */
  optional?: boolean;
  children?: ReactNode;
  /** What can be done instead of writing. */
  beside?: ReactNode;
}

/** Words that were begun earlier, and where they are kept; null forgets them. */
export interface Written {
  readonly text: string | null;
  readonly keep: (text: string | null) => void;
}

/** Where people write: Ctrl+Enter sends, Esc puts aside. */
export function Composer({
  label,
  verb,
  onSend,
  onCancel,
  text = "",
  draft,
  focused = false,
  optional = false,
  children,
  beside,
}: ComposerProps) {
  const [words, setWords] = useState(draft.text ?? text);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const empty = words.trim() === "" && !optional;
  const field = useRef<HTMLTextAreaElement>(null);
  // The caret goes behind text that is there already.
  useEffect(() => {
    const end = field.current?.value.length ?? 0;
    if (focused) field.current?.setSelectionRange(end, end);
  }, [focused]);
  const send = async () => {
    if (empty || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSend(words.trim());
      setWords("");
      draft.keep(null);
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
    else if (event.key === "Escape" && onCancel) {
      event.currentTarget.blur();
      onCancel();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const write = (words: string) => {
    setWords(words);
    // What is there at first is nobody's draft.
    draft.keep(text !== "" && words === text ? null : words);
  };
  const cancel = () => {
    draft.keep(null);
    onCancel?.();
  };
  return (
    <div className={styles.composer}>
      <textarea
        ref={field}
        aria-label={label}
        placeholder={label}
        rows={2}
        maxLength={5000}
        value={words}
        // What is written while it is on its way would go with it.
        readOnly={busy}
        // biome-ignore lint/a11y/noAutofocus: it appears because somebody asked for it
        autoFocus={focused}
        onChange={(event) => write(event.currentTarget.value)}
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
          <button type="button" className={styles.quiet} onClick={cancel}>
            Cancel
          </button>
        )}
        {beside}
        <kbd>Ctrl Enter</kbd>
      </div>
    </div>
  );
}
