import type { Annotation } from "../model/annotation";
import { type Changes, diff, isEmpty, sameContent } from "../model/diff";
import { type Annotations, type Patch, patchBetween, withPatch } from "../model/patch";
import { Problem } from "../server/problem";
import { type Flight, flightFor, pendingEdits, sameRequest, sentBy } from "./outboxFlight";
import { asFinal, type Cure, cureFor, isOvertaken, isTaken, reasonOf } from "./outboxRefusal";
import type { OutboxStore, PendingEdits } from "./outboxStore";
import { adopt, type Conflict, rebase } from "./rebase";

export type SaveState =
  | { readonly kind: "saved" | "saving" }
  | {
      readonly kind: "unsaved";
      /** A sentence for people. */
      readonly reason: string;
      readonly cure: Cure;
    }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

export interface OutboxServer {
  /** Makes all changes or none. Raises `Problem`. The same `opId` again answers the same and does nothing. */
  send(changes: Changes, opId: string): Promise<{ annotations: readonly Annotation[] }>;
  list(): Promise<readonly Annotation[]>;
  /** Brings a deleted annotation back as it was, or answers it as it is if somebody has done so already. */
  restore(id: string): Promise<Annotation>;
  newOpId(): string;
}

interface OutboxInput {
  /** Names the image and the person in the store. */
  readonly key: string;
  readonly store: OutboxStore;
  readonly server: OutboxServer;
  /** Called when the picture has to change: an answer, someone else's edit, a resolved conflict. */
  readonly onPatch: (patch: Patch) => void;
}

const DEBOUNCE = 400;
const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;
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
  #gone = new Set<string>();
  #sending: Promise<void> | null = null;
  #conflicts: readonly Conflict[] = [];
  #state: SaveState = { kind: "saved" };
  #timer: ReturnType<typeof setTimeout> | undefined;
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
    const pending = await input.store.read(input.key).catch(() => undefined);
    if (pending) outbox.#replay(pending);
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

  /** Takes in what others did. Annotations that are being edited here stay as they are. */
  async refresh(): Promise<void> {
    await this.#sending;
    const landings = this.#landings;
    const fetched = await this.#input.server.list();
    // A list from before our own last request would take that back.
    if (this.#sending || this.#landings !== landings) return this.refresh();
    this.#rebase(byId(fetched), this.#flight ? sentBy(this.#flight) : undefined);
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

  /** Stops sending. What is unsaved stays in the browser's database. */
  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #replay({ saved, now, sent, gone }: PendingEdits): void {
    const fetched = this.#now;
    this.#gone = new Set(gone);
    this.#saved = withPatch(fetched, new Map(saved));
    this.#now = withPatch(this.#saved, new Map(now));
    this.#rebase(fetched, new Map(sent));
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
    this.#timer = setTimeout(() => void this.#send(), delay);
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#takeOff()) {
      this.#become({ kind: "saving" });
      await this.#persist();
      if (!(await this.#fly())) return;
    }
    this.#become(
      this.#conflicts.length ? { kind: "conflict", conflicts: this.#conflicts } : { kind: "saved" },
    );
    await this.#persist();
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
    if (!flight) return false;
    try {
      const restored = await Promise.all(flight.restore.map((id) => this.#input.server.restore(id)));
      this.#land(flight, byId([...restored, ...(await this.#post(flight))]));
      return true;
    } catch (error) {
      return this.#fail(flight, error);
    }
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
    this.#failures++;
    const cure = cureFor(error);
    if (cure === "edit") this.#giveUp();
    else this.#sendIn(Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), LAST_RETRY));
    this.#become({ kind: "unsaved", reason: reasonOf(error), cure });
    return false;
  }

  /** The edits stay; the next edit makes a new request of them. */
  #giveUp(): void {
    this.#flight = null;
    this.#failures = 0;
  }

  /** Somebody was faster: look at what the server has now and put our edits on top of that. */
  async #overtaken(flight: Flight, refusal: unknown): Promise<boolean> {
    this.#giveUp();
    try {
      const fetched = byId(await this.#input.server.list());
      this.#rebase(fetched, sentBy(flight));
      // An id that is taken and yet not listed belongs to something deleted.
      for (const { id } of flight.changes.create)
        if (isTaken(refusal) && !fetched.has(id)) this.#gone.add(id);
    } catch (error) {
      return this.#fail(flight, error instanceof Problem && error.passing ? error : asFinal(refusal));
    }
    if (!sameRequest(flight, this.#nextFlight())) return true;
    return this.#fail(flight, asFinal(refusal));
  }

  #rebase(fetched: Annotations, sent?: Patch): void {
    for (const id of this.#saved.keys()) if (!fetched.has(id)) this.#gone.add(id);
    const result = rebase({ saved: this.#saved, now: this.#now }, fetched, sent);
    this.#saved = result.saved;
    this.#conflicts = result.conflicts;
    this.#show(result.now);
  }

  /** Sends what there is to send. A request under way, or waiting to be tried again, comes first. */
  #settle(delay = 0): void {
    this.#persist();
    if (this.#flight || this.#sending) return;
    if (isEmpty(this.#changes())) {
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

  /** Writes follow one another, so that an older state never overwrites a newer one. */
  #persist(): Promise<unknown> {
    const { store, key } = this.#input;
    const ids = this.#conflicts.map(({ id }) => id);
    const pending = pendingEdits(this.#saved, this.#now, ids, this.#flight, this.#gone);
    const write = () => (pending ? store.write(key, pending) : store.remove(key));
    // A browser that refuses to store (private mode, full disk) must not keep the edits from the server.
    this.#stored = this.#stored.then(write).catch(() => undefined);
    return this.#stored;
  }
}
