import type { Annotation } from "../model/annotation";
import { isEmpty } from "../model/diff";
import { Problem } from "../server/problem";
import type { Why } from "./keptEdits";
import { byId, type Edits } from "./outboxEdits";
import type { Flight } from "./outboxFlight";
import type { Keeper } from "./outboxKeeper";
import { asFinal, cureFor, isOvertaken, isTaken, reasonOf } from "./outboxRefusal";
import type { OutboxInput, SaveState } from "./outboxState";

const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;
const LOOK_AGAIN = 5000;
const UNKNOWN = new Problem({
  status: 503,
  code: "unknown",
  detail: "The server does not know an object yet.",
});
const CHANGED_BY_OTHERS = "Somebody else changed the same object: open the image to choose.";

/** Sends what the server does not have until it has it, looks at what others did, and says how that goes. */
export class Sender {
  readonly #input: OutboxInput;
  readonly #edits: Edits;
  readonly #keeper: Keeper;
  readonly #onState: () => void;
  #state: SaveState = { kind: "saved" };
  #sending: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #landings = 0;
  #closed = false;

  constructor(input: OutboxInput, edits: Edits, keeper: Keeper, onState: () => void) {
    this.#input = input;
    this.#edits = edits;
    this.#keeper = keeper;
    this.#onState = onState;
  }

  get state(): SaveState {
    return this.#state;
  }

  /** Keeps and sends what there is. A request under way, or waiting to be tried again, comes first. */
  settle(delay = 0): void {
    void this.#keeper.keep();
    if (this.#state.kind === "unsaved") this.#become({ ...this.#state, waiting: this.#waiting() });
    if (this.#edits.flight || this.#sending) return;
    if (!this.#edits.unsure && isEmpty(this.#edits.changes)) {
      this.#rest();
      return;
    }
    this.#sendIn(delay);
    if (this.#state.kind === "saved") this.#become({ kind: "saving" });
  }

  /** Sends at once. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sending;
    await this.#send();
  }

  /** Takes over and sends what a page that is gone left of this image; whether there was anything. */
  async inherit(): Promise<boolean> {
    if (!(await this.#keeper.inherit())) return false;
    this.settle();
    // The server has all of it by now: the next page's turn, when the browser has noted that.
    if (!this.#edits.unsure && !this.#edits.pending) {
      await this.#keeper.keep();
      await this.inherit();
    }
    return true;
  }

  /** Takes in what others did, now or when it can be asked. */
  async refresh(): Promise<void> {
    clearTimeout(this.#lookTimer);
    try {
      await this.#takeIn();
    } catch (error) {
      if (cureFor(error) === "edit") throw error;
      if (!this.#closed)
        this.#lookTimer = setTimeout(() => void this.refresh().catch(() => undefined), LOOK_AGAIN);
    }
  }

  async #takeIn(): Promise<void> {
    await this.#sending;
    const landings = this.#landings;
    const fetched = await this.#input.server.list();
    // A list from before our own last request would take that back.
    if (this.#sending || this.#landings !== landings) return this.#takeIn();
    if (this.#closed) return;
    this.#edits.takeIn(byId(fetched));
    this.settle();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#lookTimer);
  }

  #sendIn(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#send(), delay);
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    do {
      while (this.#edits.unsure || this.#edits.takeOff()) {
        this.#become({ kind: "saving" });
        await this.#keeper.keep();
        const step = () => (this.#edits.unsure ? this.#look() : this.#fly());
        if (!(await this.#input.store.alone(step))) return;
      }
      await this.#keeper.keep();
    } while (await this.inherit());
    if (this.#edits.takeOff()) return this.#sendAll();
    this.#rest();
  }

  /** One attempt; false when it is not to be followed by another at once. */
  async #fly(): Promise<boolean> {
    const { flight } = this.#edits;
    if (!flight || this.#closed) return false;
    try {
      const restored = await Promise.all(flight.restore.map((id) => this.#input.server.restore(id)));
      const known = restored.filter((annotation) => annotation !== null);
      if (known.length < restored.length) return !this.#closed && this.#neverMade(flight, known);
      const answered = [...known, ...(await this.#post(flight))];
      if (!this.#closed) this.#land(flight, answered);
      return !this.#closed;
    } catch (error) {
      return !this.#closed && this.#fail(flight, error);
    }
  }

  async #post({ changes, opId }: Flight): Promise<readonly Annotation[]> {
    return isEmpty(changes) ? [] : (await this.#input.server.send(changes, opId)).annotations;
  }

  #land(flight: Flight, answered: readonly Annotation[]): void {
    this.#failures = 0;
    this.#landings++;
    this.#edits.land(flight, byId(answered));
  }

  #neverMade(flight: Flight, restored: readonly Annotation[]): false {
    this.#edits.neverMade(flight, restored);
    return this.#stop(UNKNOWN);
  }

  async #fail(flight: Flight, error: unknown): Promise<boolean> {
    if (isOvertaken(error)) return this.#overtaken(flight, error);
    if (cureFor(error) === "edit") {
      this.#edits.giveUp(flight);
      // What was edited meanwhile makes another request.
      if (!this.#edits.wouldRepeat(flight)) return true;
    }
    return this.#stop(error);
  }

  /** Somebody was faster: look at what the server has now. */
  async #overtaken(flight: Flight, refusal: unknown): Promise<boolean> {
    this.#edits.giveUp(flight);
    if (!(await this.#look())) return false;
    if (isTaken(refusal)) this.#edits.taken(flight);
    if (!this.#edits.wouldRepeat(flight)) return true;
    return this.#fail(flight, asFinal(refusal));
  }

  /** Puts our edits on top of what the server has now; false when it cannot be asked. */
  async #look(): Promise<boolean> {
    try {
      const fetched = await this.#input.server.list();
      if (!this.#closed) this.#edits.takeIn(byId(fetched));
      return !this.#closed;
    } catch (error) {
      return !this.#closed && this.#stop(error);
    }
  }

  /** Says why it does not go on, and tries again by itself where that may help. */
  #stop(error: unknown): false {
    const cure = cureFor(error);
    if (cure !== "edit") this.#sendIn(Math.min(FIRST_RETRY * 2 ** this.#failures++, LAST_RETRY));
    this.#become({ kind: "unsaved", reason: reasonOf(error), cure, waiting: this.#waiting() });
    return false;
  }

  #waiting = (): number => this.#edits.pending?.now.length ?? 0;

  #rest(): void {
    clearTimeout(this.#timer);
    const { conflicts } = this.#edits;
    this.#become(conflicts.length ? { kind: "conflict", conflicts } : { kind: "saved" });
  }

  #become(state: SaveState): void {
    if (state.kind === "saved" && this.#state.kind === "saved") return;
    this.#state = state;
    const why = whyOf(state);
    if (why) this.#keeper.explain(why);
    this.#onState();
  }
}

/** What there is to say about edits that stay here. */
function whyOf(state: SaveState): Why | null {
  if (state.kind === "unsaved") return { reason: state.reason, cure: state.cure };
  return state.kind === "conflict" ? { reason: CHANGED_BY_OTHERS, cure: "choose" } : null;
}
