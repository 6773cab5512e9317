import { type KeyboardEvent, useState } from "react";
import { isClass } from "../../editor/classKeys";
import {
  holderOf,
  isRemappable,
  type Keymap,
  keysOf,
  remapped,
  restored,
  whyFixed,
} from "../../editor/keymap";
import { keyToGive } from "../../editor/keys";
import { keyCap } from "./icons";
import styles from "./keys.module.css";

/** A command as the sheet of keys tells it. */
export interface ListedCommand {
  readonly id: string;
  readonly label: string;
  readonly keys: readonly string[];
}

interface KeyRowProps {
  command: ListedCommand;
  /** All that share the keyboard with it. */
  commands: readonly ListedCommand[];
  keymap: Keymap;
  onKeymap: (keymap: Keymap) => void;
}

type Asking = { readonly wanted: string | null; readonly refusal: string | null } | null;

const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta"];

/** A command with its keys, which a click on them changes: the next key that is pressed is the new one. */
export function KeyRow({ command, commands, keymap, onKeymap }: KeyRowProps) {
  const { id, label } = command;
  const [asking, setAsking] = useState<Asking>(null);
  const keys = keysOf(command, keymap);
  const take = (key: string) => {
    onKeymap(remapped(keymap, key, id, commands));
    setAsking(null);
  };
  const onPressed = (key: string) => {
    const refusal = whyFixed(key, isClass(id));
    if (key === "Escape") setAsking(null);
    else if (refusal) setAsking({ wanted: null, refusal });
    else if (holderOf(key, id, commands, keymap)) setAsking({ wanted: key, refusal: null });
    else take(key);
  };
  return (
    <div>
      <dt>
        {isRemappable(command) ? (
          <KeyButton
            keys={keys}
            label={label}
            asking={asking !== null && asking.wanted === null}
            onAsk={() => setAsking({ wanted: null, refusal: null })}
            onPressed={onPressed}
          />
        ) : (
          <Caps keys={keys} />
        )}
      </dt>
      <dd>
        {label}
        {keymap[id] && (
          <button
            type="button"
            className={styles.restore}
            aria-label={`Restore the key of: ${label}`}
            onClick={() => onKeymap(restored(keymap, id, commands))}
          >
            ↺
          </button>
        )}
        {asking?.refusal && <p role="alert">{asking.refusal}</p>}
        {asking?.wanted && (
          <Conflict
            wanted={asking.wanted}
            holder={holderOf(asking.wanted, id, commands, keymap)?.label ?? ""}
            onTake={take}
            onLeave={() => setAsking(null)}
          />
        )}
      </dd>
    </div>
  );
}

interface KeyButtonProps {
  keys: readonly string[];
  label: string;
  asking: boolean;
  onAsk: () => void;
  onPressed: (key: string) => void;
}

function KeyButton({ keys, label, asking, onAsk, onPressed }: KeyButtonProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!asking || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    onPressed(keyToGive(event.nativeEvent));
  };
  return (
    <button
      type="button"
      className={styles.change}
      aria-label={asking ? `Press the new key of: ${label}` : `Change the key of: ${label}`}
      // While it asks, Escape ends the asking and not the sheet.
      data-mantine-stop-propagation={asking}
      data-asking={asking || undefined}
      onClick={onAsk}
      onKeyDown={onKeyDown}
    >
      {asking ? "press a key" : <Caps keys={keys} />}
    </button>
  );
}

const Caps = ({ keys }: { keys: readonly string[] }) =>
  keys.length > 0 ? keys.map((key) => <kbd key={key}>{keyCap(key)}</kbd>) : <i>no key</i>;

interface ConflictProps {
  wanted: string;
  holder: string;
  onTake: (key: string) => void;
  onLeave: () => void;
}

const Conflict = ({ wanted, holder, onTake, onLeave }: ConflictProps) => (
  <p role="alert">
    <kbd>{keyCap(wanted)}</kbd> is the key of “{holder}”, which would lose it.{" "}
    <button type="button" className={styles.answer} onClick={() => onTake(wanted)}>
      Take it
    </button>{" "}
    <button type="button" className={styles.answer} onClick={onLeave}>
      Leave it
    </button>
  </p>
);
