import { type CommandContext, commandNamed } from "../../editor/commands";
import { keysOf } from "../../editor/keymap";
import { objectsOf } from "../../model/lookup";
import styles from "./editor.module.css";
import { keyCap } from "./icons";
import { useEditor } from "./useEditor";

type Beginning = readonly [command: string, does: string];

const WITH_OBJECTS: readonly Beginning[] = [
  ["select", "a click or drag selects"],
  ["nextCandidate", "next object"],
  ["proposals", "accept what SAM proposes"],
  ["keys", "all keys"],
];

const WITHOUT: readonly Beginning[] = [
  ["segment", "click an object for its mask"],
  ["polygon", "click the corners of an object"],
  ["box", "drag a box around an object"],
  ["keys", "all keys"],
];

/** The ways to begin while nothing is selected, as far as the project has a use for them. */
export function Beginnings({ context }: { context: CommandContext }) {
  const filled = useEditor(context.editor, ({ history }) => objectsOf(history.present).length > 0);
  return (
    <ul className={styles.beginnings} aria-label="Ways to begin">
      {(filled ? WITH_OBJECTS : WITHOUT).map(([id, does]) => (
        <Way key={id} id={id} does={does} context={context} />
      ))}
    </ul>
  );
}

function Way({ id, does, context }: { id: string; does: string; context: CommandContext }) {
  const command = commandNamed(id);
  const enabled = useEditor(context.editor, () => command.enabled(context));
  const key = useEditor(context.editor, ({ keymap }) => keysOf(command, keymap)[0]);
  if (!enabled || !key) return null;
  return (
    <li>
      <kbd>{keyCap(key)}</kbd> {does}
    </li>
  );
}
