import type { Listed } from "./keptEdits";
import { Outbox } from "./outbox";
import type { SaveState } from "./outboxState";
import type { UnsentPorts } from "./unsentPorts";
import { type Waiting, waitingOf } from "./waiting";

const GATHER = 300;
const FIRST_PAUSE = 1000;
const LAST_PAUSE = 30_000;

/**
 * What a person edited in images that are not open, and what has not reached the server: all of it is listed, in every
 * tab, and one tab sends it; what the browser's database refused, the tab that remembers it. Whoever opens an image
 * takes its edits over.
 */
export class Unsent {
  readonly #ports: UnsentPorts;
  #images: readonly Waiting[] = [];
  #sending: Waiting | null = null;
  #listeners = new Set<() => void>();
  /** Images whose edits were refused: trying again by itself would change nothing. */
  #refused = new Set<string>();
  #failures = 0;
  #leading = false;
  #stopped = true;
  #working = false;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: UnsentPorts) {
    this.#ports = ports;
  }

  /** The images with edits that wait to be sent, the oldest first. */
  get images(): readonly Waiting[] {
    return this.#images;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Works until the answered function is called. */
  start(): () => void {
    const stop = new AbortController();
    this.#stopped = false;
    const forget = [this.#ports.onChange(this.#gather), this.#ports.onResume(this.#resume)];
    this.#ports.lead(stop.signal, this.#lead);
    void this.#list();
    return () => {
      stop.abort();
      for (const end of forget) end();
      this.#leading = false;
      this.#stopped = true;
      clearTimeout(this.#gathering);
      clearTimeout(this.#pause);
    };
  }

  /** Sends what waits for an image, also what was refused before; resolves when that is tried. */
  async tryNow(image: string): Promise<void> {
    this.#refused.delete(image);
    const waiting = this.#images.find((one) => one.image === image);
    if (waiting) await this.#send(waiting);
    await this.#list();
  }

  /** Gives up what waits for an image. */
  async discard(image: string): Promise<void> {
    await this.#ports.forget(image);
    await this.#list();
  }

  #lead = (): void => {
    this.#leading = true;
    void this.#work();
  };

  #resume = (): void => {
    this.#failures = 0;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    void this.#work();
  };

  #gather = (): void => {
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => void this.#list().then(() => this.#work()), GATHER);
  };

  async #list(): Promise<void> {
    const kept = await this.#ports.kept().catch((): Listed[] => []);
    const images = waitingOf(kept);
    const sending = this.#sending;
    const isListed = images.some(({ image }) => image === sending?.image);
    // Edits that are on their way are kept by nobody for a moment, and are not on the server yet.
    this.#images = sending && !isListed ? [sending, ...images] : images;
    const left = new Set(this.#images.filter(({ held }) => !held).map(({ image }) => image));
    for (const image of this.#refused) if (!left.has(image)) this.#refused.delete(image);
    for (const listener of this.#listeners) listener();
  }

  /** Sends what may be sent, one image after another, until the server cannot be asked. */
  async #work(): Promise<void> {
    if (this.#stopped || this.#working || this.#pause !== undefined) return;
    this.#working = true;
    try {
      await this.#list();
      for (const one of this.#images.filter(this.#isOurs)) {
        const state = await this.#send(one);
        if (state?.kind === "unsaved" && state.cure !== "edit") return this.#workLater();
      }
      this.#failures = 0;
      await this.#list();
    } finally {
      this.#working = false;
    }
  }

  /** What only this tab has nobody else can send. */
  #isOurs = ({ image, held, onlyHere }: Waiting): boolean =>
    !held && !this.#refused.has(image) && (this.#leading || onlyHere);

  #workLater(): void {
    if (this.#stopped) return;
    this.#pause = setTimeout(
      () => {
        this.#pause = undefined;
        void this.#work();
      },
      Math.min(FIRST_PAUSE * 2 ** this.#failures++, LAST_PAUSE),
    );
  }

  /** One attempt; null when somebody has the image open. */
  async #send(place: Waiting): Promise<SaveState | null> {
    let state: SaveState | null = null;
    this.#sending = place;
    try {
      await this.#ports.turn(place.image, async (wanted) => {
        const outbox = await Outbox.open({ ...this.#ports.outboxOf(place), onPatch: () => {} }, null);
        await Promise.race([outbox.flush(), aborted(wanted)]);
        state = outbox.state;
        await outbox.close();
      });
    } finally {
      this.#sending = null;
    }
    if (isRefused(state)) this.#refused.add(place.image);
    return state;
  }
}

const isRefused = (state: SaveState | null): boolean =>
  state?.kind === "conflict" || (state?.kind === "unsaved" && state.cure === "edit");

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
