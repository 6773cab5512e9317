import { useEffect, useRef } from "react";
import { type Keymap, keysOf } from "../../../editor/keymap";
import { isTaken, keysPressed } from "../../../editor/keys";
import type { ReviewCommand } from "./commands";

/** Runs commands by their keys. A key that is held down runs nothing again: each mask has to be looked at. */
export function useCommandKeys(commands: readonly ReviewCommand[], keymap: Keymap): void {
  const newest = useRef({ commands, keymap });
  useEffect(() => {
    newest.current = { commands, keymap };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const keys = keysPressed(event);
      if (event.repeat || event.defaultPrevented || keys.some((key) => isTaken(event, key))) return;
      const found = keys.flatMap((key) => {
        const command = commandFor(key, newest.current);
        return command ? [{ key, command }] : [];
      })[0];
      if (!found) return;
      event.preventDefault();
      found.command.run(found.key);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

const commandFor = (
  key: string,
  { commands, keymap }: { commands: readonly ReviewCommand[]; keymap: Keymap },
) => commands.find((command) => command.enabled !== false && keysOf(command, keymap).includes(key));
