import { SESSION_RESUMED, sessionEnded } from "../../server/client";
import { Problem } from "../../server/problem";

/** Milliseconds between attempts, as long as the reason may pass by itself. */
const PATIENCE = [500, 1000, 2000, 4000, 8000];

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
const resumed = () =>
  new Promise<void>((done) => window.addEventListener(SESSION_RESUMED, () => done(), { once: true }));

/**
 * What a reviewer says, on its way to the server while they look at the next mask: one after the other in the order in
 * which it was said, and again while what prevents it may pass. Calls carry an `opId`, so that saying it again is safe.
 */
export class Outgoing {
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;
  readonly #listeners = new Set<() => void>();

  /** Rejects with what the server refused, or with what did not pass in a quarter of a minute. */
  send<T>(call: () => Promise<T>): Promise<T> {
    this.#count(1);
    const sent = this.#last.then(() => insisting(call));
    this.#last = sent.catch(() => undefined).then(() => this.#count(-1));
    return sent;
  }

  get pending(): number {
    return this.#pending;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #count(by: number): void {
    this.#pending += by;
    for (const listener of [...this.#listeners]) listener();
  }
}

async function insisting<T>(call: () => Promise<T>, pauses: readonly number[] = PATIENCE): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [wait, ...others] = pauses;
    if (sessionEnded(error)) await resumed();
    else if (error.passing && wait !== undefined) await pause(wait);
    else throw error;
    return insisting(call, sessionEnded(error) ? pauses : others);
  }
}
