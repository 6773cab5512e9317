import type { Edits } from "./outboxEdits";
import type { OutboxStore } from "./outboxStore";

/** Keeps what is not saved in the browser's database, and takes over what other pages left there. */
export class Keeper {
  readonly #store: OutboxStore;
  readonly #edits: Edits;
  #stored: Promise<unknown> = Promise.resolve();
  #inherited = false;
  #closed = false;

  constructor(store: OutboxStore, edits: Edits) {
    this.#store = store;
    this.#edits = edits;
  }

  /** Writes follow one another, and each writes how things are by then: an older state never overwrites a newer one. */
  keep(): Promise<unknown> {
    if (this.#closed) return this.#stored;
    const write = () => {
      const { pending } = this.#edits;
      return pending ? this.#store.write(pending) : this.#store.remove();
    };
    // A browser that refuses to store (private mode, full disk) must not keep the edits from the server.
    this.#stored = this.#stored.then(write).catch(() => undefined);
    return this.#stored;
  }

  /** Takes over what a page that is gone left of this image, one page after another; whether there was anything. */
  inherit(): Promise<boolean> {
    const taken = this.#stored.then(() => this.#take()).catch(() => false);
    this.#stored = taken;
    return taken;
  }

  async #take(): Promise<boolean> {
    if (this.#inherited || this.#closed || this.#edits.pending) return false;
    const left = await this.#store.inherit();
    this.#inherited = !left;
    if (!left || this.#closed) return false;
    // Edited meanwhile: their turn comes when that is saved.
    if (this.#edits.pending) this.#store.giveBack();
    else this.#edits.replay(left);
    return true;
  }

  /** Stops, when all is written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#stored;
    this.#store.close();
  }
}
