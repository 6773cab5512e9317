/** What was decided in a sitting, in the order in which it was, and what the server calls each verdict. */
export class Decided {
  /** The annotations, those of one decision together, the latest last. */
  #decisions: (readonly string[])[] = [];
  readonly #verdicts = new Map<string, string>();

  add(annotations: readonly string[]): void {
    this.#decisions.push(annotations);
  }

  /** The latest decision, which is none any more. */
  takeLatest(): readonly string[] {
    return this.#decisions.pop() ?? [];
  }

  confirm(annotation: string, verdict: string): void {
    this.#verdicts.set(annotation, verdict);
  }

  /** The verdict on an annotation, once it has arrived. */
  verdictOn(annotation: string): string | undefined {
    return this.#verdicts.get(annotation);
  }

  /** These have no verdict after all. */
  forget(annotations: readonly string[]): void {
    for (const id of annotations) this.#verdicts.delete(id);
    this.#decisions = this.#decisions
      .map((ids) => ids.filter((id) => !annotations.includes(id)))
      .filter((ids) => ids.length > 0);
  }
}
