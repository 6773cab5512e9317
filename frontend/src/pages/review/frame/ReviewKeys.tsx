import { Modal } from "@mantine/core";
import { DEFAULT_KEYS, type Keymap } from "../../../editor/keymap";
import editorStyles from "../../../ui/editor/editor.module.css";
import { KeyRow } from "../../../ui/editor/KeyRow";
import keyStyles from "../../../ui/editor/keys.module.css";
import { useReviewContext } from "../context";
import type { ReviewCommand } from "./commands";

interface ReviewKeysProps {
  opened: boolean;
  onClose: () => void;
  commands: readonly ReviewCommand[];
}

const OURS = "review.";

/** The editor's keys stay as they are. */
const withoutOurs = (keymap: Keymap): Keymap =>
  Object.fromEntries(Object.entries(keymap).filter(([id]) => !id.startsWith(OURS)));

/** The keys of this mode, which a click on them changes. */
export function ReviewKeys({ opened, onClose, commands }: ReviewKeysProps) {
  const { keymap, setKeymap } = useReviewContext();
  const groups = [...new Set(commands.map(({ group }) => group))];
  const changed = Object.keys(keymap).some((id) => id.startsWith(OURS));
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="lg">
      <p className={keyStyles.note}>
        <span>A click on a key changes it, for you and in this browser.</span>
        {changed && (
          <button
            type="button"
            className={editorStyles.button}
            onClick={() => setKeymap({ ...DEFAULT_KEYS, ...withoutOurs(keymap) })}
          >
            Restore all keys
          </button>
        )}
      </p>
      <div className={editorStyles.keySheet}>
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <KeyRow
                    key={command.id}
                    command={command}
                    commands={commands}
                    keymap={keymap}
                    onKeymap={setKeymap}
                  />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
