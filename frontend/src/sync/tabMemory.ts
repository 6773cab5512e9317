import { type Listed, type PendingEdits, type Place, tellChange, type Why } from "./keptEdits";
import type { OutboxStore } from "./outboxStore";

interface Remembered {
  readonly place: Place;
  readonly edits: PendingEdits;
  readonly why: Why | null;
  readonly at: number;
  /** Whether the session that had them in hand is still open. */
  open: boolean;
}

/** What the browser's database has not taken, for as long as the page of the browser is there. */
const kept = new Map<symbol, Remembered>();

/** What only this tab remembers of what a person edited. */
export const remembered = (person: string): Listed[] =>
  [...kept.values()]
    .filter(({ place }) => place.person === person)
    .map(({ place, edits, why, at, open }) => ({ ...place, edits, why, at, held: open, onlyHere: true }));

/** Gives up what is remembered of an image, except what an editor has in hand. */
export function forgetRemembered(person: string, image: string): void {
  for (const [one, { place, open }] of kept)
    if (place.person === person && place.image === image && !open) kept.delete(one);
  guard();
  tellChange();
}

const hold = (event: BeforeUnloadEvent): void => event.preventDefault();

/** The page is held while it has what nobody else has. */
function guard(): void {
  if (kept.size > 0) window.addEventListener("beforeunload", hold);
  else window.removeEventListener("beforeunload", hold);
}

/** What was not written is in the list as well. */
function tellRefusal(refusal: unknown): never {
  tellChange();
  throw refusal;
}

/**
 * A store that also remembers what the browser's database refuses (private mode, full disk): whoever leaves an image for
 * another one while the server is away finds the edits again, and they are sent from outside of it too.
 */
export function withTabMemory(store: OutboxStore, place: Place): OutboxStore {
  const own = Symbol(place.image);
  const taken = new Set<symbol>();
  const isLeft = ([one, { place: of, open }]: [symbol, Remembered]) =>
    of.person === place.person && of.image === place.image && !open && one !== own;
  const drop = (...ones: symbol[]): boolean => {
    const had = [...ones, ...taken].filter((one) => kept.delete(one));
    taken.clear();
    guard();
    return had.length > 0;
  };
  return {
    inherit: async () => {
      const left = [...kept].find(isLeft);
      if (!left) return store.inherit();
      taken.add(left[0]);
      return left[1].edits;
    },
    giveBack: () => {
      taken.clear();
      store.giveBack();
    },
    write: async (edits, why) => {
      drop();
      kept.set(own, { place, edits, why, at: Date.now(), open: true });
      guard();
      await store.write(edits, why).catch(tellRefusal);
      drop(own);
    },
    remove: async () => {
      if (drop(own)) tellChange();
      await store.remove();
    },
    elsewhere: () => store.elsewhere(),
    alone: (work) => store.alone(work),
    close: async () => {
      const mine = kept.get(own);
      if (mine) mine.open = false;
      await store.close();
      if (mine) tellChange();
    },
  };
}
