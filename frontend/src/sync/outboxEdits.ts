import type { Annotation } from "../model/annotation";
import { type Changes, diff, sameContent } from "../model/diff";
import { type Annotations, type Patch, patchBetween, withPatch } from "../model/patch";
import type { PendingEdits } from "./keptEdits";
import { type Flight, flightFor, pendingEdits, sameRequest, sentBy } from "./outboxFlight";
import type { OutboxInput } from "./outboxState";
import { adopt, type Conflict, rebase } from "./rebase";

export const byId = (annotations: readonly Annotation[]): Annotations =>
  new Map(annotations.map((a) => [a.id, a]));

/** Whether another page saw the server with a later version of an annotation, or, as we have it still, without it. */
const isNews = (theirs: Annotation | null, ours: Annotation | undefined, deleted: boolean): boolean =>
  theirs ? (ours?.version ?? 0) < theirs.version : deleted && ours !== undefined;

/**
 * What the server has of one image, what people see here, and what is on its way from the one to the other.
 * Nothing here waits: whoever asks the server or the browser's database tells it what came of that.
 */
export class Edits {
  #saved: Annotations;
  #now: Annotations;
  #flight: Flight | null = null;
  /** What a request that was given up may have made of the server's annotations: to be looked at before the next. */
  #unsure: Patch | null = null;
  #gone = new Set<string>();
  #conflicts: readonly Conflict[] = [];
  /** Whether we have seen what the server has, however long ago. */
  #seen: boolean;
  readonly #newOpId: () => string;
  readonly #onPatch: (patch: Patch) => void;

  constructor({ server, onPatch }: OutboxInput, fetched: readonly Annotation[] | null) {
    this.#newOpId = server.newOpId;
    this.#onPatch = onPatch;
    this.#seen = fetched !== null;
    this.#saved = byId(fetched ?? []);
    this.#now = this.#saved;
  }

  /** What people are to see: the server's annotations with our unsaved edits. */
  get now(): Annotations {
    return this.#now;
  }

  /** What the server has, as far as we know. */
  get saved(): Annotations {
    return this.#saved;
  }

  get conflicts(): readonly Conflict[] {
    return this.#conflicts;
  }

  /** The request that has no answer yet. */
  get flight(): Flight | null {
    return this.#flight;
  }

  /** Whether the server has to be looked at before it is sent anything. */
  get unsure(): boolean {
    return this.#unsure !== null;
  }

  /** What the server does not have, or null. */
  get pending(): PendingEdits | null {
    const ids = this.#conflicts.map(({ id }) => id);
    return pendingEdits(this.#saved, this.#now, ids, this.#sent(), this.#gone);
  }

  /** What is to be sent: everything but what waits for a decision. */
  get changes(): Changes {
    const decided = (annotations: Annotations) =>
      withPatch(annotations, new Map(this.#conflicts.map(({ id }) => [id, null])));
    return diff(decided(this.#saved), decided(this.#now));
  }

  /**
   * Whether an event about an annotation tells nothing new. A deleted one has no version. Moving one in the stack makes
   * no version, so that event also tells its `z`.
   */
  knows(id: string, version: number | null, z?: unknown): boolean {
    const saved = this.#saved.get(id);
    if (version === null) return !saved;
    if (!saved || saved.version < version) return false;
    return saved.version > version || z === undefined || saved.z === z;
  }

  /** The image as people made it. */
  put(now: Annotations): void {
    this.#now = now;
  }

  /** The request to make: the unanswered one again, or a new one for what has changed since. */
  takeOff(): Flight | null {
    this.#flight ??= this.#nextFlight();
    return this.#flight;
  }

  /** Whether the next request would ask for the same as this one. */
  wouldRepeat(flight: Flight): boolean {
    return sameRequest(flight, this.#nextFlight());
  }

  #nextFlight(): Flight | null {
    return flightFor(this.changes, this.#saved, this.#now, this.#gone, this.#newOpId);
  }

  /** Takes in the answer to a request. */
  land(flight: Flight, answered: Annotations): void {
    this.#flight = null;
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

  /** The edits stay; the next edit makes a new request of them. An earlier attempt at this one may have succeeded. */
  giveUp(flight: Flight): void {
    this.#flight = null;
    this.#unsure = sentBy(flight);
  }

  /** What was taken for deleted has never been there: the next request creates it. */
  neverMade(flight: Flight, restored: readonly Annotation[]): void {
    for (const id of flight.restore) this.#gone.delete(id);
    this.#saved = withPatch(this.#saved, byId(restored));
    this.#flight = null;
  }

  /** An id that is taken and yet not listed belongs to something deleted. */
  taken(flight: Flight): void {
    for (const { id } of flight.changes.create) if (!this.#saved.has(id)) this.#gone.add(id);
  }

  /** Puts our edits on top of what the server has now. Annotations that are being edited here stay as they are. */
  takeIn(fetched: Annotations): void {
    this.#seen = true;
    this.#rebase(fetched, this.#sent());
  }

  /** Puts edits on top that another page left. That page may have seen more of the server than we have. */
  replay({ saved, now, sent, gone }: PendingEdits): void {
    const fetched = this.#saved;
    const current = this.#seen && !saved.some(([id, a]) => isNews(a, fetched.get(id), gone.includes(id)));
    for (const id of gone) this.#gone.add(id);
    this.#saved = withPatch(fetched, new Map(saved));
    this.#show(withPatch(this.#saved, new Map(now)));
    if (current) this.#rebase(fetched, new Map(sent));
    this.#unsure = sent.length || !current ? new Map(sent) : null;
  }

  /** Decides a conflict: what people see here, or make of it, goes on top of their version. */
  decide(conflict: Conflict): void {
    this.#conflicts = this.#conflicts.filter((c) => c !== conflict);
    this.#saved = withPatch(this.#saved, new Map([[conflict.id, conflict.theirs]]));
  }

  /** Shows what the server has. */
  discard(): void {
    for (const conflict of this.#conflicts) this.decide(conflict);
    this.#flight = null;
    this.#show(this.#saved);
  }

  /** What requests without an answer were to make of the server's annotations. */
  #sent(): Patch {
    return this.#flight ? sentBy(this.#flight) : (this.#unsure ?? new Map());
  }

  #rebase(fetched: Annotations, sent: Patch): void {
    for (const id of this.#saved.keys()) if (!fetched.has(id)) this.#gone.add(id);
    const result = rebase({ saved: this.#saved, now: this.#now }, fetched, sent);
    this.#unsure = null;
    this.#saved = result.saved;
    this.#conflicts = result.conflicts;
    this.#show(result.now);
  }

  #show(now: Annotations): void {
    const patch = patchBetween(this.#now, now);
    this.#now = now;
    if (patch.size) this.#onPatch(patch);
  }
}
