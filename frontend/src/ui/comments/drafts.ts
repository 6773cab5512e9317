import type { Pin } from "../../tools/comment";

/** Words that are not sent yet; those of a new thread with their place. */
export interface Draft {
  readonly text: string;
  readonly pin?: Pin;
  readonly missing?: boolean;
}

/** What a person has begun to write on an image, by what it is: "new", "answer:" a thread, "edit:" a comment. */
export interface Drafts {
  read(slot: string): Draft | null;
  /** Null forgets it; so does an empty text. */
  write(slot: string, draft: Draft | null): void;
  /** What has words. */
  slots(): string[];
}

/** One of them, as a field for words takes it. */
export const written = (drafts: Drafts, slot: string) => ({
  text: drafts.read(slot)?.text ?? null,
  keep: (text: string | null) => drafts.write(slot, text === null ? null : { text }),
});

type Kept = Readonly<Record<string, Draft>>;

/** Kept in this browser until it is sent or given up. Read anew each time, as other tabs write there too. */
export function draftsOf(
  person: string,
  image: string,
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> = localStorage,
): Drafts {
  const key = `maskwright:comment-drafts:${person}:${image}`;
  const all = (): Kept => {
    try {
      return understood(JSON.parse(storage.getItem(key) ?? "null"));
    } catch {
      return {};
    }
  };
  const keep = (kept: Kept) => {
    try {
      if (Object.keys(kept).length === 0) storage.removeItem(key);
      else storage.setItem(key, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing: the words last as long as they are on show.
    }
  };
  return {
    read: (slot) => all()[slot] ?? null,
    write: (slot, draft) => {
      const { [slot]: _, ...others } = all();
      keep(draft?.text.trim() ? { ...others, [slot]: draft } : others);
    },
    slots: () => Object.keys(all()),
  };
}

/** Another version may have written it, so nothing is taken on trust. */
function understood(stored: unknown): Kept {
  if (typeof stored !== "object" || stored === null) return {};
  return Object.fromEntries(
    Object.entries(stored).flatMap(([slot, { text, pin, missing }]) =>
      typeof text === "string"
        ? [[slot, { text, ...(isPin(pin) && { pin }), ...(missing === true && { missing }) }]]
        : [],
    ),
  );
}

const isPin = (pin: unknown): pin is Pin =>
  typeof pin === "object" && pin !== null && "x" in pin && "y" in pin && "annotation" in pin;
