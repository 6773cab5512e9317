import { type Command, type CommandContext, commands } from "./commands";

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** The name of a key press as the command table writes it: "S", "Shift+Tab", "Ctrl+Shift+Z", "?". */
export function keyOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): string {
  const isLetter = /^\p{L}$/u.test(key);
  // For signs such as "?" and "[" Shift and AltGr, which Windows tells as Ctrl and Alt, are how the sign is typed.
  const isSign = /^[^\p{L}\p{N} ]$/u.test(key);
  const control = (ctrlKey || metaKey) && !(isSign && altKey) ? "Ctrl+" : "";
  const alt = altKey && !isSign ? "Alt+" : "";
  const shift = shiftKey && !isSign ? "Shift+" : "";
  return `${control}${alt}${shift}${isLetter ? key.toUpperCase() : key}`;
}

const TYPING = "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]";
const PRESSABLE = "button, a, [role=button], [role=tab]";

const isIn = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

/** Whether a key belongs to the element that has the focus rather than to the editor. */
export function isTaken(event: KeyboardEvent, key: string): boolean {
  if (isIn(event.target, TYPING)) return true;
  return isIn(event.target, PRESSABLE) && ["Enter", " ", "Tab", "Shift+Tab"].includes(key);
}

const commandFor = (key: string, onCanvas: boolean, context: CommandContext): Command | undefined =>
  commands.find(
    (command) => command.keys.includes(key) && (onCanvas || !command.onCanvas) && command.enabled(context),
  );

/** Runs commands by key, and chooses classes by number, until the answered function is called. */
export function attachKeys(canvas: HTMLElement, context: () => CommandContext): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event);
    if (event.defaultPrevented || isTaken(event, key)) return;
    const current = context();
    const command = commandFor(key, document.activeElement === canvas, current);
    const run = command ? () => command.run(current, key) : classChoice(key, current);
    if (!run) return;
    event.preventDefault();
    run();
  };
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}

function classChoice(key: string, { editor }: CommandContext): (() => void) | undefined {
  if (!/^[1-9]$/.test(key)) return undefined;
  const labelClass = editor.getSnapshot().classes[Number(key) - 1];
  return labelClass && (() => editor.chooseClass(labelClass.id));
}
