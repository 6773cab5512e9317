import type { PendingEdits } from "./keptEdits";
import type { OutboxStore } from "./outboxStore";

interface Kept {
  /** Whose edits of which image. */
  readonly key: string;
  readonly edits: PendingEdits;
  /** Whether the session that had them in hand is still open. */
  open: boolean;
}

/** What the browser's database has not taken, for as long as the page of the browser is there. */
const kept = new Map<symbol, Kept>();

const hold = (event: BeforeUnloadEvent): void => event.preventDefault();

/** The page is held while it has what nobody else has. */
function guard(): void {
  if (kept.size > 0) window.addEventListener("beforeunload", hold);
  else window.removeEventListener("beforeunload", hold);
}

/**
 * A store that also remembers what the browser's database refuses (private mode, full disk): whoever leaves an image for
 * another one while the server is away finds the edits again where they were made.
 */
export function withTabMemory(store: OutboxStore, key: string): OutboxStore {
  const own = Symbol(key);
  const taken = new Set<symbol>();
  const forget = () => {
    for (const one of [own, ...taken]) kept.delete(one);
    taken.clear();
    guard();
  };
  return {
    inherit: async () => {
      const left = [...kept].find(([one, { key: whose, open }]) => whose === key && !open && one !== own);
      if (!left) return store.inherit();
      taken.add(left[0]);
      return left[1].edits;
    },
    giveBack: () => {
      taken.clear();
      store.giveBack();
    },
    write: async (edits, why) => {
      forget();
      kept.set(own, { key, edits, open: true });
      guard();
      await store.write(edits, why);
      forget();
    },
    remove: async () => {
      forget();
      await store.remove();
    },
    elsewhere: () => store.elsewhere(),
    alone: (work) => store.alone(work),
    close: async () => {
      const mine = kept.get(own);
      if (mine) mine.open = false;
      await store.close();
    },
  };
}
