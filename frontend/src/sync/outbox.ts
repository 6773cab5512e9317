import type { Annotation } from "../model/annotation";
import type { Annotations } from "../model/patch";
import type { PendingEdits } from "./keptEdits";
import { Edits } from "./outboxEdits";
import { Keeper } from "./outboxKeeper";
import { Sender } from "./outboxSender";
import type { OutboxInput, SaveState } from "./outboxState";
import type { Conflict } from "./rebase";

const DEBOUNCE = 400;
/** How often other pages are asked after before they hold up a submit. */
const TURNS = 6;

/**
 * Brings the edits of one image to the server. Edits are in the browser's database before they are on the way,
 * each request is tried with the same `opId` until it has an answer, and annotations carry ids made here: a
 * reload, a crash or a lost answer loses nothing and doubles nothing. `Edits` knows what is to be saved, `Keeper` has
 * the browser's database, `Sender` the server.
 */
export class Outbox {
  readonly #edits: Edits;
  readonly #keeper: Keeper;
  readonly #sender: Sender;
  #listeners = new Set<() => void>();

  private constructor(input: OutboxInput, fetched: readonly Annotation[] | null) {
    this.#edits = new Edits(input, fetched);
    const tell = () => {
      for (const listener of this.#listeners) listener();
    };
    this.#keeper = new Keeper(input.store, this.#edits, tell);
    this.#sender = new Sender(input, this.#edits, this.#keeper, tell);
  }

  /**
   * Opens with what the server has, and puts edits on top that an earlier page could not save. `fetched` is null where
   * that is not known: the server is looked at before it is sent anything.
   */
  static async open(input: OutboxInput, fetched: readonly Annotation[] | null): Promise<Outbox> {
    const outbox = new Outbox(input, fetched);
    await outbox.#sender.inherit();
    return outbox;
  }

  get state(): SaveState {
    return this.#sender.state;
  }

  /** What people are to see: the server's annotations with our unsaved edits. */
  get annotations(): Annotations {
    return this.#edits.now;
  }

  /** What the server has, as far as we know. */
  get saved(): Annotations {
    return this.#edits.saved;
  }

  /** What the server does not have, or null. */
  get pending(): PendingEdits | null {
    return this.#edits.pending;
  }

  /** Whether the browser keeps nothing for us, so that what is not saved goes with the page. */
  get keepsNothing(): boolean {
    return this.#keeper.refuses;
  }

  /** Whether something is neither on the server nor in the browser's database. */
  get isAtRisk(): boolean {
    return this.#keeper.isBehind;
  }

  /** Objects that somebody else changed as well, until they are resolved. */
  get conflicts(): readonly Conflict[] {
    return this.#edits.conflicts;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the image as it is now; what differs from the server is sent shortly. */
  put(now: Annotations): void {
    if (now === this.#edits.now) return;
    this.#edits.put(now);
    this.#sender.settle(DEBOUNCE);
  }

  /** Sends at once. Resolves to whether everything is saved. */
  async flush(): Promise<boolean> {
    await this.#sender.flush();
    return this.state.kind === "saved";
  }

  /** Takes in what others did, now or when it can be asked. Annotations that are being edited here stay as they are. */
  refresh(): Promise<void> {
    return this.#sender.refresh();
  }

  /** Whether an event about an annotation tells nothing new. A deleted one has no version. */
  knows(id: string, version: number | null, z?: unknown): boolean {
    return this.#edits.knows(id, version, z);
  }

  /** Decides a conflict: what people see here, or make of it next, goes on top of their version. */
  resolve(id: string): void {
    const conflict = this.#edits.conflicts.find((c) => c.id === id);
    if (!conflict) return;
    this.#edits.decide(conflict);
    this.#sender.settle(DEBOUNCE);
  }

  /** Takes over what pages that are gone by now left of this image. */
  async takeOver(): Promise<void> {
    this.#keeper.lookAgain();
    await this.#sender.inherit();
  }

  /** How many objects other pages that are open have in hand and not saved. */
  elsewhere(): Promise<number> {
    return this.#keeper.elsewhere();
  }

  /**
   * Saves what there is of this image, here and in pages that are gone, and gives pages that are open a moment to save
   * theirs. Resolves to how many objects they still have in hand; null when not even ours are saved.
   */
  async saveAll(): Promise<number | null> {
    for (let turn = 0; turn < TURNS; turn++) {
      await this.takeOver();
      if (!(await this.flush())) return null;
      if ((await this.elsewhere()) === 0) return 0;
      await new Promise((resolve) => setTimeout(resolve, DEBOUNCE));
    }
    return this.elsewhere();
  }

  /** Gives up everything that is not saved, for what the server has. */
  discard(): Promise<void> {
    this.#edits.discard();
    this.#sender.settle();
    return this.refresh();
  }

  /** Stops. What is unsaved stays in the browser's database, for whoever opens the image next. */
  close(): Promise<void> {
    this.#sender.close();
    this.#listeners.clear();
    return this.#keeper.close();
  }
}
