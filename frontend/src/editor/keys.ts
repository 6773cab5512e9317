import { optionsOf } from "../model/attributes";
import { questionOf } from "./asking";
import { classOfKey } from "./classKeys";
import { type Command, type CommandContext, commands } from "./commands";
import { pickOption } from "./edits";
import { keysOf, whyFixed } from "./keymap";
import { isCommenting } from "./toolbox";

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** The name of a key press as the command table writes it: "S", "Shift+Tab", "Ctrl+Shift+Z", "?", "Space". */
export function keyOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): string {
  const isLetter = /^\p{L}$/u.test(key);
  // On French keyboards Shift is how a digit is typed.
  const isDigit = /^\d$/.test(key);
  // For signs such as "?" and "[" Shift and AltGr, which Windows tells as Ctrl and Alt, are how the sign is typed.
  const isSign = /^[^\p{L}\p{N} ]$/u.test(key);
  const control = (ctrlKey || metaKey) && !(isSign && altKey) ? "Ctrl+" : "";
  const alt = altKey && !isSign ? "Alt+" : "";
  const shift = shiftKey && !isSign && !isDigit ? "Shift+" : "";
  return `${control}${alt}${shift}${isLetter ? key.toUpperCase() : key === " " ? "Space" : key}`;
}

/** What the keys bear on an American keyboard, by the place where they lie. */
const SIGNS: Readonly<Record<string, string>> = {
  BracketLeft: "[",
  BracketRight: "]",
  Slash: "/",
  Comma: ",",
  Period: ".",
  Minus: "-",
  Equal: "=",
};

function printedAt(code: string): string | undefined {
  const [, letterOrDigit] = /^(?:Key|Digit)([A-Z1-9])$/.exec(code) ?? [];
  return letterOrDigit ?? SIGNS[code];
}

/**
 * The names that a key press goes by, the better first: what is typed, and, where no command could be named so, what
 * the key bears on an American keyboard. So Cyrillic letters, umlauts, dead keys and unshifted French digits work.
 */
export function keysPressed(press: KeyPress & { readonly code: string }): string[] {
  const typed = keyOf(press);
  const { key, code, ctrlKey, altKey, shiftKey } = press;
  const foreign = key === "Dead" || /^[^\u0020-\u007e]$/u.test(key);
  // As the digits of French keyboards, and "$" where Americans have "]".
  const movedSign =
    /^(Digit[1-9]|Bracket\w+)$/.test(code) &&
    /^[^\p{L}\p{N} ]$/u.test(key) &&
    !ctrlKey &&
    !altKey &&
    !shiftKey;
  const printed = foreign || movedSign ? printedAt(code) : undefined;
  const other = printed && keyOf({ ...press, key: printed });
  return other && other !== typed ? [typed, other] : [typed];
}

/** What a key press is called when it becomes a command's key: what may not change by any of its names stays so. */
export function keyToGive(press: KeyPress & { readonly code: string }): string {
  const names = keysPressed(press);
  const [typed = "", printed = typed] = names;
  return names.find((name) => whyFixed(name) !== null) ?? (press.key === "Dead" ? printed : typed);
}

const TYPING = "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]";
const PRESSABLE = "button, a, [role=button], [role=tab]";

const isIn = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

/** Whether a key belongs to the element that has the focus rather than to the editor. */
export function isTaken(event: KeyboardEvent, key: string): boolean {
  if (isIn(event.target, TYPING)) return true;
  return isIn(event.target, PRESSABLE) && ["Enter", "Space", "Tab", "Shift+Tab"].includes(key);
}

function commandFor(key: string, onCanvas: boolean, context: CommandContext): Command | undefined {
  const { keymap } = context.editor.getSnapshot();
  return commands.find(
    (command) =>
      keysOf(command, keymap).includes(key) && (onCanvas || !command.onCanvas) && command.enabled(context),
  );
}

/** Runs commands and chooses classes by key until the answered function is called. */
export function attachKeys(canvas: HTMLElement, context: () => CommandContext): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const keys = keysPressed(event);
    if (event.defaultPrevented || keys.some((key) => isTaken(event, key))) return;
    const current = context();
    // While a comment is open its letters are words, wherever the focus is.
    if (isCommenting(current.editor.getSnapshot()) && !keys.includes("Escape")) return;
    const runs = keys.map((key) => {
      const command = commandFor(key, document.activeElement === canvas, current);
      if (!command) return answer(key, current) ?? classChoice(key, current);
      return () => (event.repeat && command.once) || command.run(current, key);
    });
    const run = runs.find((one) => one !== undefined);
    if (!run) return;
    event.preventDefault();
    run();
  };
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}

/** A digit answers what is asked of an object that was just kept; one too high does nothing. */
function answer(key: string, { editor }: CommandContext): (() => void) | undefined {
  const question = /^[1-9]$/.test(key) ? questionOf(editor.getSnapshot()) : null;
  const options = question ? optionsOf(question.attribute) : [];
  if (!question || options.length === 0) return undefined;
  const option = options[Number(key) - 1];
  return () => option && pickOption(editor, [question.annotation], question.attribute, option.value);
}

function classChoice(key: string, { editor }: CommandContext): (() => void) | undefined {
  const { classes, keymap } = editor.getSnapshot();
  const labelClass = classOfKey(key, classes, keymap);
  return labelClass && (() => editor.chooseClass(labelClass.id));
}
