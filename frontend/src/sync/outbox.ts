import type { Annotation } from "../model/annotation";
import { type Changes, diff, isEmpty, sameContent } from "../model/diff";
import { type Annotations, type Patch, patchBetween, withPatch } from "../model/patch";
import { Problem } from "../server/problem";
import { type Flight, flightFor, pendingEdits, sameRequest, sentBy } from "./outboxFlight";
import { asFinal, cureFor, isOvertaken, isTaken, reasonOf } from "./outboxRefusal";
import type { OutboxInput, SaveState } from "./outboxState";
import type { PendingEdits } from "./outboxStore";
import { adopt, type Conflict, rebase } from "./rebase";

const DEBOUNCE = 400;
const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;
const LOOK_AGAIN = 5000;
const UNKNOWN = new Problem({
  status: 503,
  code: "unknown",
  detail: "The server does not know an object yet.",
});
const byId = (annotations: readonly Annotation[]): Annotations => new Map(annotations.map((a) => [a.id, a]));

/**
 * Brings the edits of one image to the server. Edits are in the browser's database before they are on the way,
 * each request is tried with the same `opId` until it has an answer, and annotations carry ids made here: a
 * reload, a crash or a lost answer loses nothing and doubles nothing.
 */
export class Outbox {
  #saved: Annotations;
  #now: Annotations;
  #flight: Flight | null = null;
  /** What a request that was given up may have made of the server's annotations: to be looked at before the next. */
  #unsure: Patch | null = null;
  #gone = new Set<string>();
  #sending: Promise<void> | null = null;
  #conflicts: readonly Conflict[] = [];
  #state: SaveState = { kind: "saved" };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #inherited = false;
  #failures = 0;
  #landings = 0;
  #stored: Promise<unknown> = Promise.resolve();
  #listeners = new Set<() => void>();
  readonly #input: OutboxInput;

  private constructor(input: OutboxInput, saved: Annotations) {
    this.#input = input;
    this.#saved = saved;
    this.#now = saved;
  }

  /** Opens with what the server has, and puts edits on top that an earlier page could not save. */
  static async open(input: OutboxInput, fetched: readonly Annotation[]): Promise<Outbox> {
    const outbox = new Outbox(input, byId(fetched));
    await outbox.#inherit();
    return outbox;
  }

  get state(): SaveState {
    return this.#state;
  }

  /** What people are to see: the server's annotations with our unsaved edits. */
  get annotations(): Annotations {
    return this.#now;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the image as it is now; what differs from the server is sent shortly. */
  put(now: Annotations): void {
    if (now === this.#now) return;
    this.#now = now;
    this.#settle(DEBOUNCE);
  }

  /** Sends at once. Resolves to whether everything is saved. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    await this.#sending;
    await this.#send();
    return this.#state.kind === "saved";
  }

  /** What the server does not have, or null. */
  get pending(): PendingEdits | null {
    const ids = this.#conflicts.map(({ id }) => id);
    return pendingEdits(this.#saved, this.#now, ids, this.#sent(), this.#gone);
  }

  /** What requests without an answer were to make of the server's annotations. */
  #sent(): Patch {
    return this.#flight ? sentBy(this.#flight) : (this.#unsure ?? new Map());
  }

  /** Takes in what others did, now or when it can be asked. Annotations that are being edited here stay as they are. */
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
    this.#rebase(byId(fetched), this.#sent());
    this.#settle();
  }

  /** Whether an event about an annotation tells nothing new. A deleted one has no version. */
  knows(id: string, version: number | null): boolean {
    const saved = this.#saved.get(id);
    return version === null ? !saved : saved !== undefined && saved.version >= version;
  }

  /** Decides a conflict: ours goes on top of their version, or theirs replaces ours. */
  resolve(id: string, choice: "mine" | "theirs"): void {
    const conflict = this.#conflicts.find((c) => c.id === id);
    if (!conflict) return;
    this.#conflicts = this.#conflicts.filter((c) => c !== conflict);
    this.#saved = withPatch(this.#saved, new Map([[id, conflict.theirs]]));
    if (choice === "theirs") this.#show(withPatch(this.#now, new Map([[id, conflict.theirs]])));
    this.#settle();
  }

  /** Gives up everything that is not saved, for what the server has. */
  discard(): Promise<void> {
    for (const { id } of this.#conflicts) this.resolve(id, "theirs");
    this.#flight = null;
    this.#show(this.#saved);
    this.#settle();
    return this.refresh();
  }

  /** Stops. What is unsaved stays in the browser's database, for whoever opens the image next. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#lookTimer);
    this.#listeners.clear();
    await this.#stored;
    this.#input.store.close();
  }

  /** Takes over what a page that is gone left of this image, one page after another; whether there was anything. */
  #inherit(): Promise<boolean> {
    const { store } = this.#input;
    const take = async () => {
      if (this.#inherited || this.#closed || this.pending) return false;
      const left = await store.inherit();
      this.#inherited = !left;
      if (!left || this.#closed) return false;
      // Edited meanwhile: their turn comes when that is saved.
      if (this.pending) store.giveBack();
      else this.#replay(left);
      return true;
    };
    const taken = this.#stored.then(take).catch(() => false);
    this.#stored = taken;
    return taken;
  }

  #replay({ saved, now, sent, gone }: PendingEdits): void {
    const fetched = this.#saved;
    for (const id of gone) this.#gone.add(id);
    this.#saved = withPatch(fetched, new Map(saved));
    this.#show(withPatch(this.#saved, new Map(now)));
    this.#rebase(fetched, new Map(sent));
    this.#unsure = sent.length ? new Map(sent) : null;
    this.#settle();
  }

  /** What is to be sent: everything but what waits for a decision. */
  #changes(): Changes {
    const decided = (annotations: Annotations) =>
      withPatch(annotations, new Map(this.#conflicts.map(({ id }) => [id, null])));
    return diff(decided(this.#saved), decided(this.#now));
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
      while (this.#unsure || this.#takeOff()) {
        this.#become({ kind: "saving" });
        await this.#persist();
        const step = () => (this.#unsure ? this.#look() : this.#fly());
        if (!(await this.#input.store.alone(step))) return;
      }
      await this.#persist();
    } while (await this.#inherit());
    if (this.#takeOff()) return this.#sendAll();
    this.#rest();
  }

  /** The request to make: the unanswered one again, or a new one for what has changed since. */
  #takeOff(): Flight | null {
    this.#flight ??= this.#nextFlight();
    return this.#flight;
  }

  #nextFlight(): Flight | null {
    return flightFor(this.#changes(), this.#now, this.#gone, this.#input.server.newOpId);
  }

  /** One attempt; false when it is not to be followed by another at once. */
  async #fly(): Promise<boolean> {
    const flight = this.#flight;
    if (!flight || this.#closed) return false;
    try {
      const restored = await Promise.all(flight.restore.map((id) => this.#input.server.restore(id)));
      const known = restored.filter((annotation) => annotation !== null);
      if (known.length < restored.length) return !this.#closed && this.#neverMade(flight, known);
      const answered = byId([...known, ...(await this.#post(flight))]);
      if (!this.#closed) this.#land(flight, answered);
      return !this.#closed;
    } catch (error) {
      return !this.#closed && this.#fail(flight, error);
    }
  }

  /** What was taken for deleted has never been there: the next request creates it. */
  #neverMade(flight: Flight, restored: readonly Annotation[]): false {
    for (const id of flight.restore) this.#gone.delete(id);
    this.#saved = withPatch(this.#saved, byId(restored));
    this.#flight = null;
    return this.#stop(UNKNOWN);
  }

  async #post({ changes, opId }: Flight): Promise<readonly Annotation[]> {
    return isEmpty(changes) ? [] : (await this.#input.server.send(changes, opId)).annotations;
  }

  #land(flight: Flight, answered: Annotations): void {
    this.#flight = null;
    this.#failures = 0;
    this.#landings++;
    const gone = new Map(flight.changes.delete.map(({ id }) => [id, null] as const));
    this.#saved = withPatch(this.#saved, new Map([...gone, ...answered]));
    for (const { id } of flight.changes.delete) this.#gone.add(id);
    for (const id of flight.restore) this.#gone.delete(id);
    const untouched = [...answered.values()].filter((a) => this.#mayAdopt(a, flight));
    const adopted = untouched.map((a) => [a.id, adopt(this.#now.get(a.id), a)] as const);
    this.#show(withPatch(this.#now, new Map(adopted)));
  }

  /** Whether an answer may take the place of what is seen: nobody went on editing, and nothing of ours gets lost. */
  #mayAdopt(answer: Annotation, flight: Flight): boolean {
    const mine = this.#now.get(answer.id);
    if (!mine || mine !== flight.sent.get(answer.id)) return false;
    return !flight.restore.includes(answer.id) || sameContent(mine, answer);
  }

  async #fail(flight: Flight, error: unknown): Promise<boolean> {
    if (isOvertaken(error)) return this.#overtaken(flight, error);
    if (cureFor(error) === "edit") {
      this.#giveUp(flight);
      // What was edited meanwhile makes another request.
      if (!sameRequest(flight, this.#nextFlight())) return true;
    }
    return this.#stop(error);
  }

  /** Says why it does not go on, and tries again by itself where that may help. */
  #stop(error: unknown): false {
    const cure = cureFor(error);
    if (cure !== "edit") this.#sendIn(Math.min(FIRST_RETRY * 2 ** this.#failures++, LAST_RETRY));
    this.#become({ kind: "unsaved", reason: reasonOf(error), cure, waiting: this.#waiting() });
    return false;
  }

  #waiting = (): number => this.pending?.now.length ?? 0;

  /** The edits stay; the next edit makes a new request of them. An earlier attempt at this one may have succeeded. */
  #giveUp(flight: Flight): void {
    this.#flight = null;
    this.#unsure = sentBy(flight);
  }

  /** Puts our edits on top of what the server has now; false when it cannot be asked. */
  async #look(): Promise<boolean> {
    try {
      const fetched = byId(await this.#input.server.list());
      if (!this.#closed) this.#rebase(fetched, this.#sent());
      return !this.#closed;
    } catch (error) {
      return !this.#closed && this.#stop(error);
    }
  }

  /** Somebody was faster: look at what the server has now. */
  async #overtaken(flight: Flight, refusal: unknown): Promise<boolean> {
    this.#giveUp(flight);
    if (!(await this.#look())) return false;
    // An id that is taken and yet not listed belongs to something deleted.
    for (const { id } of flight.changes.create)
      if (isTaken(refusal) && !this.#saved.has(id)) this.#gone.add(id);
    if (!sameRequest(flight, this.#nextFlight())) return true;
    return this.#fail(flight, asFinal(refusal));
  }

  #rebase(fetched: Annotations, sent: Patch): void {
    for (const id of this.#saved.keys()) if (!fetched.has(id)) this.#gone.add(id);
    const result = rebase({ saved: this.#saved, now: this.#now }, fetched, sent);
    this.#unsure = null;
    this.#saved = result.saved;
    this.#conflicts = result.conflicts;
    this.#show(result.now);
  }

  /** Sends what there is to send. A request under way, or waiting to be tried again, comes first. */
  #settle(delay = 0): void {
    this.#persist();
    if (this.#state.kind === "unsaved") this.#become({ ...this.#state, waiting: this.#waiting() });
    if (this.#flight || this.#sending) return;
    if (!this.#unsure && isEmpty(this.#changes())) {
      this.#rest();
      return;
    }
    this.#sendIn(delay);
    if (this.#state.kind === "saved") this.#become({ kind: "saving" });
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#become(
      this.#conflicts.length ? { kind: "conflict", conflicts: this.#conflicts } : { kind: "saved" },
    );
  }

  #show(now: Annotations): void {
    const patch = patchBetween(this.#now, now);
    this.#now = now;
    if (patch.size) this.#input.onPatch(patch);
  }

  #become(state: SaveState): void {
    if (state.kind === "saved" && this.#state.kind === "saved") return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** Writes follow one another, and each writes how things are by then: an older state never overwrites a newer one. */
  #persist(): Promise<unknown> {
    if (this.#closed) return this.#stored;
    const { store } = this.#input;
    const write = () => {
      const { pending } = this;
      return pending ? store.write(pending) : store.remove();
    };
    // A browser that refuses to store (private mode, full disk) must not keep the edits from the server.
    this.#stored = this.#stored.then(write).catch(() => undefined);
    return this.#stored;
  }
}
