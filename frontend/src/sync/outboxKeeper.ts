import type { Why } from "./keptEdits";
import type { Edits } from "./outboxEdits";
import type { OutboxStore } from "./outboxStore";

/** Milliseconds after which the browser's database counts as refusing: it must not hold up what is to be sent. */
const PATIENCE = 5000;

/** Keeps what is not saved in the browser's database, and takes over what other pages left there. */
export class Keeper {
  readonly #store: OutboxStore;
  readonly #edits: Edits;
  readonly #onChange: () => void;
  #stored: Promise<unknown> = Promise.resolve();
  #why: Why | null = null;
  #asked = 0;
  #written = 0;
  #refuses = false;
  #inherited = false;
  #closed = false;

  constructor(store: OutboxStore, edits: Edits, onChange: () => void) {
    this.#store = store;
    this.#edits = edits;
    this.#onChange = onChange;
  }

  /** Whether the browser did not keep what it was last given (private mode, full disk). */
  get refuses(): boolean {
    return this.#refuses;
  }

  /** Whether the newest edits are nowhere but in this page. */
  get isBehind(): boolean {
    return this.#edits.pending !== null && this.#written < this.#asked;
  }

  /** Writes follow one another, and each writes how things are by then: an older state never overwrites a newer one. */
  keep(): Promise<unknown> {
    if (!this.#closed) this.#asked += 1;
    return this.#queueWrite();
  }

  #queueWrite(): Promise<unknown> {
    if (this.#closed) return this.#stored;
    const turn = this.#asked;
    // A browser that refuses to store must not keep the edits from the server.
    this.#stored = this.#stored.then(() => this.#write(turn)).catch(() => this.#tell(true));
    return this.#stored;
  }

  async #write(turn: number): Promise<void> {
    const { pending } = this.#edits;
    if (!pending) this.#why = null;
    await inTime(pending ? this.#store.write(pending, this.#why) : this.#store.remove());
    this.#written = turn;
    this.#tell(false);
  }

  #tell(refuses: boolean): void {
    if (refuses === this.#refuses) return;
    this.#refuses = refuses;
    this.#onChange();
  }

  /** Notes beside the edits why they are still here. The edits are no newer, so that the page need not wait for it. */
  explain(why: Why): void {
    if (why.reason === this.#why?.reason && why.cure === this.#why.cure) return;
    this.#why = why;
    void this.#queueWrite();
  }

  /** Takes over what a page that is gone left of this image, one page after another; whether there was anything. */
  inherit(): Promise<boolean> {
    const taken = this.#stored.then(() => this.#take()).catch(() => false);
    this.#stored = taken;
    return taken;
  }

  async #take(): Promise<boolean> {
    // A browser that refuses to note that something is saved would hand it out again for ever.
    if (this.#inherited || this.#closed || this.#refuses || this.#edits.pending) return false;
    const left = await this.#store.inherit();
    this.#inherited = !left;
    if (!left || this.#closed) return false;
    // Edited meanwhile: their turn comes when that is saved.
    if (this.#edits.pending) this.#store.giveBack();
    else this.#edits.replay(left);
    return true;
  }

  /** How many objects other pages have in hand. A database that does not answer holds nobody up. */
  elsewhere(): Promise<number> {
    return inTime(this.#store.elsewhere()).catch(() => 0);
  }

  /** A page may have gone since it was last looked for what they left. */
  lookAgain(): void {
    this.#inherited = false;
  }

  /** Stops, when all is written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#stored;
    await this.#store.close();
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The browser's database does not answer.")), PATIENCE);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
