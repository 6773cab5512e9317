import { Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type CommandContext, commandNamed } from "../../editor/commands";
import { keysOf } from "../../editor/keymap";
import styles from "./editor.module.css";
import { ICONS, keyCap } from "./icons";
import { useEditor } from "./useEditor";

const COMMANDS = [
  "history",
  "guidelines",
  "copyPrevious",
  "skip",
  "searchClass",
  "actualSize",
  "zoomTo",
  "look",
  "tidyMasks",
];

/** What is done once an image rather than once an object. */
export const MoreMenu = ({ context }: { context: CommandContext }) => (
  <Menu position="bottom-end" width={330}>
    <Menu.Target>
      <button type="button" className={styles.button} aria-label="More">
        <IconDots size={16} aria-hidden="true" />
      </button>
    </Menu.Target>
    <Menu.Dropdown>
      {COMMANDS.map((id) => (
        <Item key={id} id={id} context={context} />
      ))}
    </Menu.Dropdown>
  </Menu>
);

function Item({ id, context }: { id: string; context: CommandContext }) {
  const command = commandNamed(id);
  const Icon = ICONS[command.icon];
  const enabled = useEditor(context.editor, () => command.enabled(context));
  const key = useEditor(context.editor, ({ keymap }) => keysOf(command, keymap)[0]);
  return (
    <Menu.Item
      leftSection={<Icon size={16} aria-hidden="true" />}
      rightSection={key && <kbd>{keyCap(key)}</kbd>}
      disabled={!enabled}
      onClick={() => command.run(context)}
    >
      {command.label(context)}
    </Menu.Item>
  );
}
