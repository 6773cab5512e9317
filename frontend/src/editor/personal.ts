import { clamp } from "../geometry/vector";
import { DEFAULT_KEYS, type Keymap } from "./keymap";

/** How a person looks at photographs and masks. It changes what is seen, never what is saved. */
export interface Look {
  /** Factors on the light of the photograph; 1 leaves it as it is. */
  readonly brightness: number;
  readonly contrast: number;
  /** Above 1 lightens the shadows. */
  readonly gamma: number;
  /** Of the masks, 0 to 1. */
  readonly opacity: number;
  readonly outlines: boolean;
  readonly colourBy: "class" | "object";
}

/** What belongs to the person rather than to the image. */
export interface Personal {
  readonly look: Look;
  readonly keymap: Keymap;
  /** The classes that were chosen last, of any project, the latest first. */
  readonly recentClasses: readonly string[];
  /** Masks of the model lose their specks and pinholes when they are kept. */
  readonly tidiesMasks: boolean;
}

export const PLAIN_LOOK: Look = {
  brightness: 1,
  contrast: 1,
  gamma: 1,
  opacity: 0.35,
  outlines: true,
  colourBy: "class",
};
export const NOTHING_PERSONAL: Personal = {
  look: PLAIN_LOOK,
  keymap: DEFAULT_KEYS,
  recentClasses: [],
  tidiesMasks: false,
};

const RECENT_CLASSES = 20;

/** The recent classes after one was chosen. */
export const withRecent = (recent: readonly string[], id: string): readonly string[] =>
  [id, ...recent.filter((other) => other !== id)].slice(0, RECENT_CLASSES);

export const personalOf = ({ look, keymap, recentClasses, tidiesMasks }: Personal): Personal => ({
  look,
  keymap,
  recentClasses,
  tidiesMasks,
});

/** The least and the most of what can be set by degrees. */
export const LIMITS = {
  brightness: [0.25, 3],
  contrast: [0.25, 3],
  gamma: [0.25, 4],
  opacity: [0, 1],
} as const satisfies Partial<Record<keyof Look, readonly [number, number]>>;

const placeOf = (person: string) => `maskwright:editor:${person}`;

/** What a person has set in this browser; whatever cannot be read is as it was in the beginning. */
export function recall(person: string, storage: Pick<Storage, "getItem"> = localStorage): Personal {
  try {
    return understood(JSON.parse(storage.getItem(placeOf(person)) ?? "null"));
  } catch {
    return NOTHING_PERSONAL;
  }
}

export function remember(
  person: string,
  personal: Personal,
  storage: Pick<Storage, "setItem"> = localStorage,
): void {
  try {
    storage.setItem(placeOf(person), JSON.stringify(personal));
  } catch {
    // A browser that keeps nothing: it holds for as long as the page is open.
  }
}

/** Another version may have written it, so nothing is taken on trust. */
function understood(stored: unknown): Personal {
  const { look, keymap, recentClasses, tidiesMasks } = record(stored);
  return {
    look: lookOf(record(look)),
    keymap: keymapOf(record(keymap)),
    recentClasses: textsOf(recentClasses),
    tidiesMasks: tidiesMasks === true,
  };
}

const textsOf = (stored: unknown): readonly string[] =>
  Array.isArray(stored) ? stored.filter((one): one is string => typeof one === "string") : [];

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function lookOf(stored: Record<string, unknown>): Look {
  const degree = (name: keyof typeof LIMITS) => {
    const [value, [least, most]] = [stored[name], LIMITS[name]];
    return typeof value === "number" ? clamp(value, least, most) : PLAIN_LOOK[name];
  };
  return {
    brightness: degree("brightness"),
    contrast: degree("contrast"),
    gamma: degree("gamma"),
    opacity: degree("opacity"),
    outlines: stored["outlines"] !== false,
    colourBy: stored["colourBy"] === "object" ? "object" : "class",
  };
}

const keymapOf = (stored: Record<string, unknown>): Keymap =>
  Object.fromEntries(
    Object.entries(stored).flatMap(([id, keys]) => (Array.isArray(keys) ? [[id, textsOf(keys)]] : [])),
  );
