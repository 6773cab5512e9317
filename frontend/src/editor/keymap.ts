/** What a command is called, and the keys that it comes with. */
interface Keyed {
  readonly id: string;
  readonly keys: readonly string[];
}

/** The keys that a person has given to commands, by their id; the other commands have the keys they come with. */
export type Keymap = Readonly<Record<string, readonly string[]>>;

export const DEFAULT_KEYS: Keymap = {};

/** These keys hold the editor together, so they stay what they are. */
const FIXED = /^(Escape|Tab|Shift\+Tab)$/;
/** The digits choose classes and answer questions; which class, people may say. */
const DIGIT = /^[1-9]$/;

export const keysOf = ({ id, keys }: Keyed, keymap: Keymap): readonly string[] => keymap[id] ?? keys;

/** Whether a command is done by keys that each do it differently: arrows cannot become one other key. */
export const isRemappable = ({ keys }: Keyed): boolean =>
  keys.length <= 2 && !keys.some((key) => FIXED.test(key));

/** Why a key cannot be given to a command, or to a class; null where it can. */
export const whyFixed = (key: string, toClass = false): string | null => {
  if (FIXED.test(key)) return "This key always does what it does now.";
  return DIGIT.test(key) && !toClass ? "The digits choose classes." : null;
};

/** Which other command would lose a key that is given to this one. */
export const holderOf = <Command extends Keyed>(
  key: string,
  id: string,
  commands: readonly Command[],
  keymap: Keymap,
): Command | undefined =>
  commands.find((command) => command.id !== id && keysOf(command, keymap).includes(key));

/** The map in which `key` does `id` and nothing else. */
export function remapped(keymap: Keymap, key: string, id: string, commands: readonly Keyed[]): Keymap {
  const lost = commands
    .filter((command) => command.id !== id && keysOf(command, keymap).includes(key))
    .map((command) => [command.id, keysOf(command, keymap).filter((one) => one !== key)] as const);
  return { ...keymap, ...Object.fromEntries(lost), [id]: [key] };
}

/** The map without what was set for one command, as far as no other command has its keys by now. */
export function restored(keymap: Keymap, id: string, commands: readonly Keyed[]): Keymap {
  const { [id]: _, ...rest } = keymap;
  const own = commands.find((command) => command.id === id)?.keys ?? [];
  const free = own.filter((key) => !holderOf(key, id, commands, rest));
  return free.length === own.length ? rest : { ...rest, [id]: free };
}
