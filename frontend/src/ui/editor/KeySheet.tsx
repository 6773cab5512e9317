import { Modal } from "@mantine/core";
import { keyedClass } from "../../editor/classKeys";
import { type Command, type CommandContext, commands } from "../../editor/commands";
import { DEFAULT_KEYS } from "../../editor/keymap";
import type { LabelClass } from "../../model/annotation";
import styles from "./editor.module.css";
import { KeyRow, type ListedCommand } from "./KeyRow";
import keyStyles from "./keys.module.css";
import { useEditor } from "./useEditor";

type Group = Command["group"] | "Classes";
const GROUPS: readonly Group[] = ["Tools", "Under way", "Objects", "Shapes", "View", "Image", "Classes"];

const NUMBERED = [
  ["1 … 9", "Answer what is asked of a new object; else choose the class with that key"],
  ["Shift 1 … 9", "Fix the finding of that number"],
] as const;

const MOUSE = [
  ["SAM: click", "begin an object, or refine the selected one near which it is"],
  ["SAM: Shift click", "add to the selected object, however far away"],
  ["SAM: right or Alt click", "take away from the object"],
  ["SAM: drag", "a box around the object"],
  ["SAM point: drag", "move it and ask anew"],
  ["SAM point: right or Alt click", "take it away and ask anew"],
  ["Brush: drag, right drag", "paint, erase"],
  ["Brush: Shift click", "a straight line from the last point"],
  ["Proposals: click", "accept one"],
  ["Proposals: drag", "accept those inside the frame"],
  ["Proposals: Shift drag", "accept those painted over"],
  ["Select: drag", "move, resize; elsewhere: a frame around several"],
  ["Select: Shift drag", "a frame around several, also over an object"],
  ["Select: Shift click", "one more, or one less"],
  ["Polygon point: Alt click", "delete it"],
  ["Polygon edge: drag", "add a point"],
  ["Polygon: Shift click", "begin a further part of the selected one"],
  ["Polygon: Alt click", "begin a hole in the selected one"],
  ["Wheel", "zoom at the pointer"],
  ["Space drag or middle drag", "move the image"],
] as const;

interface KeySheetProps {
  opened: boolean;
  onClose: () => void;
  context: CommandContext;
}

interface Listed extends ListedCommand {
  readonly group: Group;
}

/** The commands, and the classes, which have keys as well. */
const listedFor = (context: CommandContext, classes: readonly LabelClass[]): readonly Listed[] => [
  ...commands.map(({ id, group, keys, label }) => ({ id, group, keys, label: label(context) })),
  ...classes.map((one, place) => ({ ...keyedClass(one, place), group: "Classes" as const, label: one.name })),
];

/** All keys, from the same table that the key handler reads. */
export function KeySheet({ opened, onClose, context }: KeySheetProps) {
  const { editor } = context;
  const keymap = useEditor(editor, (snapshot) => snapshot.keymap);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const listed = listedFor(context, classes);
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="lg">
      <p className={keyStyles.note}>
        <span>A click on a key changes it, for you and in this browser.</span>
        {Object.keys(keymap).length > 0 && (
          <button type="button" className={styles.button} onClick={() => editor.setKeymap(DEFAULT_KEYS)}>
            Restore all keys
          </button>
        )}
      </p>
      <div className={styles.keySheet}>
        {GROUPS.filter((group) => listed.some((one) => one.group === group)).map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {listed
                .filter((command) => command.group === group)
                .map((command) => (
                  <KeyRow
                    key={command.id}
                    command={command}
                    commands={listed}
                    keymap={keymap}
                    onKeymap={(changed) => editor.setKeymap(changed)}
                  />
                ))}
              {group === "Objects" &&
                NUMBERED.map(([keys, label]) => (
                  <div key={keys}>
                    <dt>
                      <kbd>{keys}</kbd>
                    </dt>
                    <dd>{label}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Mouse</h3>
          <dl>
            {MOUSE.map(([gesture, label]) => (
              <div key={gesture}>
                <dt>{gesture}</dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  );
}
