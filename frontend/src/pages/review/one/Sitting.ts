import { Problem, sentenceOf } from "../../../server/problem";
import type {
  Annotation,
  Claimed,
  ReviewItem,
  Verdict,
  VerdictInput,
  VerdictKind,
} from "../../../server/types";
import type { Outgoing } from "../outgoing";
import {
  aheadOf,
  comingBack,
  confirmed,
  dropped,
  found,
  type Given,
  heldOf,
  judged,
  replaced,
  START,
  shownOf,
  skippedOf,
  stepped,
  stillGiven,
  takenBack,
  type Walk,
} from "./walk";

/** So many are claimed and loaded ahead, that the next one is there before the key is up again. */
export const AHEAD = 3;
/** A mask that was on the screen for less than this has not been looked at. */
export const GLANCE = 150;
/** As many as one may name to the server. */
const MOST_SKIPPED = 500;

export interface SittingPorts {
  readonly outgoing: Outgoing;
  readonly claim: (asked: { count: number; keep: string[]; skip: string[] }) => Promise<Claimed>;
  readonly give: (annotation: string, verdict: VerdictInput, opId: string) => Promise<Verdict>;
  readonly undo: (verdict: string, opId: string) => Promise<Claimed>;
  readonly newId: () => string;
  /** Milliseconds of any clock that does not go back. */
  readonly now: () => number;
  /** What the verdict took, in seconds of work. */
  readonly lap: () => number;
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
  /** The annotations that were judged here, the latest last. */
  #judged: string[] = [];
  /** The verdict on each, as the server named it. */
  readonly #verdicts = new Map<string, string>();
  #seen: { id: string; since: number } | null = null;

  constructor(ports: SittingPorts) {
    this.#ports = ports;
  }

  getSnapshot = (): SittingState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins, or starts over with what was passed over. */
  start = (): void => {
    this.#set({ walk: START, error: null, notice: null });
    void this.refill();
  };

  /** Something of the walk is on the screen now. */
  seen(id: string): void {
    if (this.#seen?.id !== id) this.#seen = { id, since: this.#ports.now() };
  }

  next = (): void => this.#move(stepped(this.#state.walk, 1));
  back = (): void => this.#move(stepped(this.#state.walk, -1));
  say = (notice: string | null): void => this.#set({ notice });

  /** Takes in what somebody did to an annotation that is shown here or will be. */
  replace(annotation: Annotation): void {
    // As it is now nobody here has seen it.
    if (this.#seen?.id === annotation.id) this.#seen = null;
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
    if (!this.#isSeen(item.id)) {
      this.say("That came before this mask was on the screen, so nothing was decided.");
      return;
    }
    this.#decide(item, decision);
  }

  /** Accepts what is shown as it was mended here, and saved. */
  fixed(mended: Annotation): void {
    const item = shownOf(this.#state.walk);
    if (item?.id !== mended.id) return;
    this.#set({ walk: replaced(this.#state.walk, mended) });
    const verdict = mended.version > item.version ? "fixed" : "accepted";
    this.#decide({ ...item, ...mended }, { verdict });
  }

  /** Takes back the latest verdict of this sitting, and shows what it was about. */
  undo = (): void => {
    const id = this.#judged.pop();
    const given = id && this.#state.walk.given.get(id);
    if (!id || !given) {
      this.say("There is no verdict of this sitting to take back.");
      return;
    }
    void this.#takeBack(id, given);
    this.#move(takenBack(this.#state.walk, id));
  };

  /** Claims so many that enough are ahead. */
  refill = async (): Promise<void> => {
    if (this.#state.asking || missing(this.#state.walk) === 0) return;
    this.#set({ asking: true });
    try {
      const wanted = missing(this.#state.walk);
      const { results, waiting } = await this.#ports.outgoing.send(() => this.#claim());
      this.#set({ walk: found(this.#state.walk, results), waiting, error: null, asking: false });
      if (results.length >= wanted) void this.refill();
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
    this.#judged.push(item.id);
    // On its way before more are asked for.
    void this.#give(item, { ...decision, version: item.version, seconds: this.#ports.lap() });
    this.#move(judged(this.#state.walk, decision.verdict));
  }

  async #give(item: ReviewItem, verdict: VerdictInput): Promise<void> {
    const opId = this.#ports.newId();
    try {
      await this.#ports.outgoing.send(async () => {
        const { id } = await this.#ports.give(item.id, verdict, opId);
        this.#verdicts.set(item.id, id);
        const { walk, waiting } = this.#state;
        // Until the server says how many there are, with the next ones that are asked for.
        this.#set({ walk: confirmed(walk, item.id, id), waiting: waiting && waiting - 1 });
      });
    } catch (error) {
      this.#verdicts.delete(item.id);
      this.#judged = this.#judged.filter((id) => id !== item.id);
      this.#move(refused(this.#state.walk, item, error), sentenceOf(error));
    }
  }

  async #takeBack(annotation: string, given: Given): Promise<void> {
    const opId = this.#ports.newId();
    try {
      const back = await this.#ports.outgoing.send(async () => {
        const verdict = this.#verdicts.get(annotation);
        return verdict ? this.#ports.undo(verdict, opId) : null;
      });
      const [item] = back?.results ?? [];
      if (back && item) this.#set({ walk: replaced(this.#state.walk, item), waiting: back.waiting });
    } catch (error) {
      this.#set({ walk: stillGiven(this.#state.walk, annotation, given), notice: sentenceOf(error) });
    }
  }

  #isSeen(id: string): boolean {
    return this.#seen?.id === id && this.#ports.now() - this.#seen.since >= GLANCE;
  }

  #move(walk: Walk, notice: string | null = null): void {
    if (shownOf(walk)?.id !== shownOf(this.#state.walk)?.id) this.#seen = null;
    this.#set({ walk, notice });
    void this.refill();
  }

  #set(change: Partial<SittingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** How many are to be claimed, so that one is shown and enough are ahead. */
const missing = (walk: Walk): number => Math.max(AHEAD - aheadOf(walk).length, 0) + (shownOf(walk) ? 0 : 1);

/** What becomes of a mask whose verdict was not taken: it comes back as it is now, if it still waits for this person. */
function refused(walk: Walk, item: ReviewItem, error: unknown): Walk {
  if (!(error instanceof Problem) || ![404, 409, 412].includes(error.status)) return comingBack(walk, item);
  const now = error.body["current"] as (Annotation & { deleted_at?: string | null }) | undefined;
  if (!now || now.deleted_at || now.state !== "submitted") return dropped(walk, item.id);
  return comingBack(walk, { ...item, ...now });
}
