import { keysOf } from "../../../editor/keymap";
import editorStyles from "../../../ui/editor/editor.module.css";
import { keyCap } from "../../../ui/editor/icons";
import { useReviewContext } from "../context";
import type { ReviewCommand } from "../frame/commands";

interface KeyButtonProps {
  command: ReviewCommand | undefined;
  /** Shorter than what the command is called elsewhere. */
  label: string;
  primary?: boolean;
}

/** A button for a command, with its key. */
export function KeyButton({ command, label, primary = false }: KeyButtonProps) {
  const { keymap } = useReviewContext();
  const [key = ""] = command ? keysOf(command, keymap) : [];
  return (
    <button
      type="button"
      className={primary ? editorStyles.primary : editorStyles.button}
      aria-keyshortcuts={key.replaceAll("Ctrl", "Control")}
      aria-disabled={!command}
      onClick={() => command?.run(key)}
    >
      {label} {key && <kbd aria-hidden>{keyCap(key)}</kbd>}
    </button>
  );
}
