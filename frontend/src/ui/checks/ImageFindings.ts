import type { Editor } from "../../editor/Editor";
import type { Annotation } from "../../model/annotation";
import { type Finding, quickFindingsOf } from "../../model/checks";
import { objectsOf } from "../../model/lookup";

/** The findings on the drafts of an image, by annotation id. Drafts without findings are left out. */
export type Findings = ReadonlyMap<string, readonly Finding[]>;

/** Milliseconds without a change after which the objects are checked: people who go on never wait for that. */
const REST_MS = 400;
/** Milliseconds of checking after which the page gets its turn. */
const SLICE_MS = 6;

/** Only what this person can still mend and hand in: reviewers have seen the rest. */
const draftsOf = (editor: Editor): readonly Annotation[] =>
  editor.getSnapshot().readOnly ? [] : objectsOf(editor.image).filter(({ state }) => state === "draft");

/** Checks all drafts of an image in slices, a while after each change. */
export class ImageFindings {
  #found: Findings = new Map();
  /** The check that goes on, by number; a newer one ends it. */
  #turn = 0;
  #newest: Promise<Findings> = Promise.resolve(this.#found);
  readonly #editor: Editor;
  readonly #listeners = new Set<() => void>();

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  getSnapshot = (): Findings => this.#found;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Checks after every change, until the answered function is called. */
  watch(): () => void {
    let seen: readonly unknown[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      const { history, classes, rules } = this.#editor.getSnapshot();
      const now = [history.present, classes, rules];
      if (now.every((part, i) => part === seen[i])) return;
      seen = now;
      clearTimeout(timer);
      timer = setTimeout(() => void this.refresh(), REST_MS);
    };
    changed();
    const leave = this.#editor.subscribe(changed);
    return () => {
      clearTimeout(timer);
      leave();
      this.#turn++;
      this.#newest = Promise.resolve(this.#found);
    };
  }

  /** Checks now. Resolves with what was found, by a newer check where one has begun meanwhile. */
  refresh(): Promise<Findings> {
    this.#newest = this.#check(++this.#turn);
    return this.#newest;
  }

  async #check(turn: number): Promise<Findings> {
    const { classes, rules } = this.#editor.getSnapshot();
    const context = { image: this.#editor.image, classes, rules };
    const found = new Map<string, readonly Finding[]>();
    let began = performance.now();
    for (const annotation of draftsOf(this.#editor)) {
      if (performance.now() - began > SLICE_MS) {
        await new Promise((resolve) => setTimeout(resolve));
        if (turn !== this.#turn) return this.#newest;
        began = performance.now();
      }
      const findings = quickFindingsOf(annotation, context);
      if (findings.length > 0) found.set(annotation.id, findings);
    }
    this.#tell(found);
    return found;
  }

  #tell(found: Findings): void {
    if (found.size === 0 && this.#found.size === 0) return;
    this.#found = found;
    for (const listener of [...this.#listeners]) listener();
  }
}
