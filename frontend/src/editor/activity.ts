/** Whoever has done nothing for this long is not at work on the image. */
export const IDLE_AFTER = 30_000;

/**
 * Counts the time in which somebody is at work: from one thing they do to the next, where these are not too far
 * apart, and only while the page is seen. Times are milliseconds of any clock that does not go back.
 */
export class Activity {
  #last: number | null = null;
  #counted = 0;
  readonly #idleAfter: number;

  constructor(idleAfter = IDLE_AFTER) {
    this.#idleAfter = idleAfter;
  }

  /** Somebody pressed a key, or moved or turned the mouse. */
  act(now: number): void {
    if (this.#last !== null) this.#counted += Math.min(now - this.#last, this.#idleAfter);
    this.#last = now;
  }

  /** The page is not seen any more. */
  pause(now: number): void {
    if (this.#last !== null) this.act(now);
    this.#last = null;
  }

  /** The whole seconds since this was asked last; what is left of a second counts next time. */
  take(): number {
    const seconds = Math.floor(this.#counted / 1000);
    this.#counted -= seconds * 1000;
    return seconds;
  }

  /** The seconds since this was asked last, with their fractions; whoever asks is at work now. */
  lap(now: number): number {
    this.act(now);
    const seconds = this.#counted / 1000;
    this.#counted = 0;
    return seconds;
  }

  /** Takes back what could not be told. */
  giveBack(seconds: number): void {
    this.#counted += seconds * 1000;
  }
}
