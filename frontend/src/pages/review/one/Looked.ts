/** A mask that was on the screen for less than this has not been looked at. */
export const GLANCE = 150;

/** What is on the screen, and since when: only what people have looked at can be judged. */
export class Looked {
  readonly #now: () => number;
  /** The one that is shown, and what is drawn around it. */
  #seen: { id: string; along: ReadonlySet<string>; since: number } | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  see(id: string, along: readonly string[]): void {
    const known = this.#seen?.id === id && along.every((each) => this.#seen?.along.has(each));
    if (!known) this.#seen = { id, along: new Set(along), since: this.#now() };
  }

  /** Something else is to be seen, or the same in another way. */
  anew(): void {
    this.#seen = null;
  }

  /** Whether this is shown, or beside what is. */
  includes(id: string): boolean {
    return this.#seen?.id === id || this.#seen?.along.has(id) === true;
  }

  /** Whether people have looked at what is shown, and at all of these beside it. */
  has(id: string, along: readonly string[] = []): boolean {
    const seen = this.#seen;
    if (seen?.id !== id || this.#now() - seen.since < GLANCE) return false;
    return along.every((each) => each === id || seen.along.has(each));
  }
}
