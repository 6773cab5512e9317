import type { LabelClass } from "../model/annotation";
import { type Keymap, keysOf } from "./keymap";

const PREFIX = "class:";
/** The classes after these have no key until somebody gives them one. */
const DIGITS = 9;

/** A class as the keymap knows it: by its place, one of the first nine comes with a digit. */
export const keyedClass = ({ id }: Pick<LabelClass, "id">, place: number) => ({
  id: `${PREFIX}${id}`,
  keys: place < DIGITS ? [String(place + 1)] : [],
});

export const isClass = (id: string): boolean => id.startsWith(PREFIX);

/** The key that chooses a class, if it has one. */
export const keyOfClass = (
  labelClass: Pick<LabelClass, "id">,
  place: number,
  keymap: Keymap,
): string | undefined => keysOf(keyedClass(labelClass, place), keymap)[0];

/** The class that a key chooses. A key that somebody has given goes before one that a class has by its place. */
export function classOfKey(
  key: string,
  classes: readonly LabelClass[],
  keymap: Keymap,
): LabelClass | undefined {
  const given = classes.find(({ id }) => keymap[`${PREFIX}${id}`]?.includes(key));
  return given ?? classes.find((labelClass, place) => keyOfClass(labelClass, place, keymap) === key);
}
