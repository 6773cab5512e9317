import { Problem, sentenceOf } from "../../../server/problem";
import type {
  Annotation,
  Claimed,
  ReviewItem,
  SheetVerdict,
  Verdict,
  VerdictInput,
  VerdictKind,
} from "../../../server/types";
import type { Outgoing } from "../outgoing";
import { allButRefused } from "../refusals";
import { stayed } from "../sheet/words";
import { Decided } from "./Decided";
import { Looked } from "./Looked";
import { refused as asRefused } from "./refused";
import {
  allJudged,
  confirmed,
  dropped,
  found,
  type Given,
  heldOf,
  judged,
  missing,
  openOf,
  pointed,
  ROUND,
  replaced,
  START,
  shownOf,
  skippedOf,
  stepped,
  stillGiven,
  takenBack,
  type Walk,
} from "./walk";

/** As many as one may name to the server. */
const MOST_SKIPPED = 500;

const EARLY = "That came before this mask was on the screen, so nothing was decided.";

export interface SittingPorts {
  readonly outgoing: Outgoing;
  /** All that is claimed is on show at once, as of one image. */
  readonly round?: boolean;
  readonly claim: (asked: { count: number; keep: string[]; skip: string[] }) => Promise<Claimed>;
  readonly give: (annotation: string, verdict: VerdictInput, opId: string) => Promise<Verdict>;
  /** One verdict on each, all or nothing. */
  readonly giveAll: (verdicts: readonly SheetVerdict[], opId: string) => Promise<{ results: Verdict[] }>;
  readonly undo: (verdict: string, opId: string) => Promise<Claimed>;
  readonly newId: () => string;
  /** Milliseconds of any clock that does not go back. */
  readonly now: () => number;
  /** What each of so many verdicts took, in seconds of work. */
  readonly lap: (verdicts?: number) => number;
}

export interface SittingState {
  readonly walk: Walk;
  /** How many wait in the project; undefined until the server has said so. */
  readonly waiting: number | undefined;
  /** The next ones are on their way. */
  readonly asking: boolean;
  /** Why there are none, where that is not because none wait. */
  readonly error: unknown;
  /** What just happened that people should know. */
  readonly notice: string | null;
}

/** What a reviewer decides about the mask that is shown. */
export interface Decision {
  readonly verdict: VerdictKind;
  readonly reason?: string;
  readonly comment?: string;
}

/**
 * A reviewer's sitting at the queue. Verdicts show at once and travel behind; what does not arrive comes back to be
 * judged again. The next masks are claimed ahead, and only what was seen can be judged.
 */
export class Sitting {
  #state: SittingState = { walk: START, waiting: undefined, asking: false, error: null, notice: null };
  readonly #ports: SittingPorts;
  readonly #listeners = new Set<() => void>();
  readonly #decided = new Decided();
  readonly #looked: Looked;

  constructor(ports: SittingPorts) {
    this.#ports = ports;
    this.#looked = new Looked(ports.now);
    this.#state = { ...this.#state, walk: this.#start };
  }

  get #start(): Walk {
    return this.#ports.round ? ROUND : START;
  }

  getSnapshot = (): SittingState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins, or starts over with what was passed over. */
  start = (): void => {
    this.#set({ walk: this.#start, error: null, notice: null });
    void this.refill();
  };

  /** Something of the walk is on the screen now, and what else there is to be judged beside it. */
  seen(id: string, along: readonly string[] = []): void {
    this.#looked.see(id, along);
  }

  next = (): void => this.#move(stepped(this.#state.walk, 1));
  back = (): void => this.#move(stepped(this.#state.walk, -1));
  point = (id: string): void => this.#move(pointed(this.#state.walk, id));
  say = (notice: string | null): void => this.#set({ notice });

  /** Takes in what somebody did to an annotation that is shown here or will be. */
  replace(annotation: Annotation): void {
    const known = this.#state.walk.items.find(({ id }) => id === annotation.id);
    // Of two answers the older one may come last.
    if (!known || annotation.version < known.version) return;
    // As it is now nobody here has seen it. What is the same is on the screen already, and not painted anew.
    if (annotation.version > known.version && this.#looked.includes(annotation.id)) this.#looked.anew();
    this.#set({ walk: replaced(this.#state.walk, annotation) });
  }

  /** Lets go of what cannot be judged any more; says why, where people have to know. */
  drop(id: string, why: string | null = null): void {
    if (!this.#state.walk.given.has(id)) this.#move(dropped(this.#state.walk, id), why ?? this.#state.notice);
  }

  /** Decides about what is shown; nothing happens when it has not been looked at, or has a verdict already. */
  judge(decision: Decision): void {
    const item = shownOf(this.#state.walk);
    if (!item || this.#state.walk.given.has(item.id)) return;
    if (!this.#looked.has(item.id)) {
      this.say(EARLY);
      return;
    }
    this.#decide(item, decision);
  }

  /** Accepts all that has no verdict; nothing happens before each of them has been on the screen. */
  acceptRest = (): void => {
    const { walk } = this.#state;
    const [item, rest] = [shownOf(walk), openOf(walk)];
    if (!item || rest.length === 0) return;
    const annotations = rest.map(({ id }) => id);
    if (!this.#looked.has(item.id, annotations)) {
      this.say(EARLY);
      return;
    }
    this.#decided.add(annotations);
    void this.#giveAll(rest);
    this.#move(allJudged(walk, rest, "accepted"));
  };

  /** Accepts what is shown as it was mended here, and saved. */
  fixed(mended: Annotation): void {
    const item = shownOf(this.#state.walk);
    if (item?.id !== mended.id) return;
    this.#set({ walk: replaced(this.#state.walk, mended) });
    const verdict = mended.version > item.version ? "fixed" : "accepted";
    this.#decide({ ...item, ...mended }, { verdict });
  }

  /** Takes back what was decided last in this sitting, and shows what it was about. */
  undo = (): void => {
    const latest = this.#decided.takeLatest();
    const { walk } = this.#state;
    const given = latest.flatMap((id) => [[id, walk.given.get(id)] as const]);
    if (!given.some(([, verdict]) => verdict)) {
      this.say("There is no verdict of this sitting to take back.");
      return;
    }
    for (const [id, verdict] of given) if (verdict) void this.#takeBack(id, verdict);
    this.#move(latest.toReversed().reduce(takenBack, walk));
  };

  /** Claims so many that enough are ahead. */
  refill = async (): Promise<void> => {
    if (this.#state.asking || missing(this.#state.walk) === 0) return;
    this.#set({ asking: true });
    try {
      const { results, waiting } = await this.#ports.outgoing.send(() => this.#claim());
      const wanted = missing(this.#state.walk);
      this.#set({ walk: found(this.#state.walk, results), waiting, error: null, asking: false });
      // The server claims fewer at once where masks are large. An answer that brings nothing new ends the asking.
      if (missing(this.#state.walk) < wanted) void this.refill();
    } catch (error) {
      this.#set({ error, notice: sentenceOf(error), asking: false });
    }
  };

  // When it is asked, and not before: verdicts that are on their way then have arrived.
  #claim(): Promise<Claimed> {
    const { walk } = this.#state;
    return this.#ports.claim({
      count: Math.max(missing(walk), 1),
      keep: heldOf(walk),
      skip: skippedOf(walk).slice(-MOST_SKIPPED),
    });
  }

  #decide(item: ReviewItem, decision: Decision): void {
    this.#decided.add([item.id]);
    // On its way before more are asked for.
    void this.#give(item, { ...decision, version: item.version, seconds: this.#ports.lap() });
    this.#move(judged(this.#state.walk, decision.verdict));
  }

  async #give(item: ReviewItem, verdict: VerdictInput): Promise<void> {
    const opId = this.#ports.newId();
    try {
      await this.#ports.outgoing.send(async () => {
        const { id } = await this.#ports.give(item.id, verdict, opId);
        this.#decided.confirm(item.id, id);
        const { walk, waiting } = this.#state;
        // Until the server says how many there are, with the next ones that are asked for.
        this.#set({ walk: confirmed(walk, item.id, id), waiting: waiting && waiting - 1 });
      });
    } catch (error) {
      this.#decided.forget([item.id]);
      this.#move(asRefused(this.#state.walk, item, error), sentenceOf(error));
    }
  }

  async #giveAll(items: readonly ReviewItem[]): Promise<void> {
    const seconds = this.#ports.lap(items.length);
    const verdicts = items.map(({ id, version }) => ({
      annotation: id,
      version,
      verdict: "accepted" as const,
      seconds,
    }));
    try {
      const { refused } = await allButRefused(verdicts, (some) => this.#sendAll(some));
      this.#decided.forget(refused.map(({ annotation }) => annotation));
      if (refused.length === 0) return;
      // What still waits comes again as it is now.
      const walk = refused.reduce((before, { annotation }) => dropped(before, annotation), this.#state.walk);
      this.#move(walk, stayed({ items }, refused));
    } catch (error) {
      const back = verdicts.map(({ annotation }) => annotation);
      this.#decided.forget(back);
      this.#move(back.toReversed().reduce(takenBack, this.#state.walk), sentenceOf(error));
    }
  }

  #sendAll(verdicts: readonly SheetVerdict[]): Promise<void> {
    const opId = this.#ports.newId();
    return this.#ports.outgoing.send(async () => {
      const { results } = await this.#ports.giveAll(verdicts, opId);
      for (const { annotation, id } of results) this.#decided.confirm(annotation, id);
      const walk = results.reduce(
        (now, { annotation, id }) => confirmed(now, annotation, id),
        this.#state.walk,
      );
      const { waiting } = this.#state;
      this.#set({ walk, waiting: waiting && waiting - results.length });
    });
  }

  async #takeBack(annotation: string, given: Given): Promise<void> {
    const opId = this.#ports.newId();
    try {
      const back = await this.#ports.outgoing.send(async () => {
        const verdict = this.#decided.verdictOn(annotation);
        return verdict ? this.#ports.undo(verdict, opId) : null;
      });
      const [item] = back?.results ?? [];
      if (back && item) this.#set({ walk: replaced(this.#state.walk, item), waiting: back.waiting });
    } catch (error) {
      // Asked again, it is this one that is meant, and none before it.
      if (error instanceof Problem && error.passing) this.#decided.add([annotation]);
      this.#set({ walk: stillGiven(this.#state.walk, annotation, given), notice: sentenceOf(error) });
    }
  }

  #move(walk: Walk, notice: string | null = null): void {
    if (shownOf(walk)?.id !== shownOf(this.#state.walk)?.id) this.#looked.anew();
    this.#set({ walk, notice });
    void this.refill();
  }

  #set(change: Partial<SittingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
