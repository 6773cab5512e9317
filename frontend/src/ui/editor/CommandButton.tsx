import type { ReactNode } from "react";
import { type CommandContext, commandNamed } from "../../editor/commands";
import { keysOf } from "../../editor/keymap";
import styles from "./editor.module.css";
import { ICONS, keyCap } from "./icons";
import { useEditor } from "./useEditor";

interface CommandButtonProps {
  id: string;
  context: CommandContext;
  className?: string | undefined;
  /** What it shows beside the icon. */
  children?: ReactNode;
  withKey?: boolean;
  active?: boolean;
  /** Why it cannot be used now, for the tooltip. */
  because?: string | undefined;
}

/** A button for one command of the table: its name and keys in the tooltip, disabled when it cannot run. */
export function CommandButton({
  id,
  context,
  className = styles.button,
  children,
  withKey = false,
  active,
  because,
}: CommandButtonProps) {
  const command = commandNamed(id);
  const Icon = ICONS[command.icon];
  const enabled = useEditor(context.editor, () => command.enabled(context));
  const label = useEditor(context.editor, () => command.label(context));
  const keys = useEditor(context.editor, ({ keymap }) => keysOf(command, keymap));
  const caps = keys.map(keyCap).join(" or ");
  return (
    <button
      type="button"
      data-tip={`${label}${caps && ` (${caps})`}${!enabled && because ? `. ${because}` : ""}`}
      className={className}
      // Words that are shown are the name, with the key behind them, so that saying what one reads works.
      aria-label={children && withKey ? undefined : label}
      aria-keyshortcuts={keys.join(" ").replaceAll("Ctrl", "Control")}
      aria-pressed={active}
      aria-disabled={!enabled}
      data-active={active || undefined}
      onClick={() => enabled && command.run(context)}
    >
      {children ?? <Icon size={16} aria-hidden="true" />}
      {withKey && keys[0] && <kbd>{keyCap(keys[0])}</kbd>}
    </button>
  );
}
