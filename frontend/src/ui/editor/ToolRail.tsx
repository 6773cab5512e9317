import { type CommandContext, commandNamed, commands } from "../../editor/commands";
import { keysOf } from "../../editor/keymap";
import { isUsed } from "../../editor/toolbox";
import type { ToolName } from "../../tools/tool";
import { CommandButton } from "./CommandButton";
import styles from "./editor.module.css";
import { ICONS, keyCap } from "./icons";
import { useEditor } from "./useEditor";

const TOOLS = commands.filter(({ group }) => group === "Tools").map(({ id }) => id as ToolName);

/** The tools, each with its key under the icon. */
export function ToolRail({ context }: { context: CommandContext }) {
  const tool = useEditor(context.editor, (snapshot) => snapshot.tool);
  const rules = useEditor(context.editor, (snapshot) => snapshot.rules);
  return (
    <div className={styles.rail} role="toolbar" aria-label="Tools" aria-orientation="vertical">
      {TOOLS.filter((id) => isUsed(id, rules)).map((id) => (
        <CommandButton key={id} id={id} context={context} className={styles.tool} active={tool === id}>
          <ToolFace id={id} context={context} />
        </CommandButton>
      ))}
    </div>
  );
}

function ToolFace({ id, context }: { id: string; context: CommandContext }) {
  const command = commandNamed(id);
  const key = useEditor(context.editor, ({ keymap }) => keysOf(command, keymap)[0] ?? "");
  const Icon = ICONS[command.icon];
  return (
    <>
      <Icon size={18} aria-hidden="true" />
      <small aria-hidden="true">{keyCap(key)}</small>
    </>
  );
}
