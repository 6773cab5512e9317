import { sentenceOf } from "../../../server/problem";
import type { Claimed, ReviewItem, SheetVerdict, Verdict } from "../../../server/types";
import type { Outgoing } from "../outgoing";
import { allButRefused } from "../refusals";
import {
  type Direction,
  marked,
  moved,
  pointed,
  pointedAt,
  type Sheet,
  sheetOf,
  verdictsOf,
  without,
} from "./sheet";
import { leftBehind, stayed, unseen } from "./words";

/** A sheet that was on the screen for less than this has not been looked at. */
export const GLANCE = 300;

/** What of a sitting outlives the page: whoever mends a mask in the editor finds their marks again. */
export interface Kept {
  marks: Map<string, string>;
  at: string | null;
  reason: string | null;
}

export interface SheetsPorts {
  readonly outgoing: Outgoing;
  readonly claim: (asked: { count: number; keep: string[]; skip: string[] }) => Promise<Claimed>;
  readonly give: (verdicts: readonly SheetVerdict[], opId: string) => Promise<{ results: Verdict[] }>;
  readonly undo: (verdicts: readonly string[], opId: string) => Promise<Claimed>;
  readonly newId: () => string;
  /** Milliseconds of any clock that does not go back. */
  readonly now: () => number;
  /** What each of so many verdicts took, in seconds of work. */
  readonly lap: (verdicts: number) => number;
  readonly reviewer: string;
  readonly kept: Kept;
}

export interface SheetsState {
  readonly sheet: Sheet | null;
  /** Claimed and loaded behind it. */
  readonly ahead: readonly Sheet[];
  /** How many wait in the project; undefined until the server has said so. */
  readonly waiting: number | undefined;
  readonly asking: boolean;
  readonly error: unknown;
  /** What just happened that people should know. */
  readonly notice: string | null;
}

interface Judged {
  readonly sheet: Sheet;
  verdicts: readonly Verdict[];
  /** Once the server has said what it did of it. */
  answered: Promise<void>;
}

const START: SheetsState = {
  sheet: null,
  ahead: [],
  waiting: undefined,
  asking: false,
  error: null,
  notice: null,
};

const idsOf = (sheets: Iterable<Sheet>): string[] =>
  [...sheets].flatMap(({ items }) => items.map(({ id }) => id));

/**
 * A reviewer's way through sheets of masks. The next sheet is there before this one is judged; verdicts travel behind,
 * and a sheet that does not arrive comes back with its marks.
 */
export class Sheets {
  #state = START;
  readonly #ports: SheetsPorts;
  readonly #listeners = new Set<() => void>();
  #count = 0;
  /** The sheets that were judged here, the latest last. */
  readonly #judged: Judged[] = [];
  readonly #underWay = new Set<Sheet>();
  #undone: Promise<void> = Promise.resolve();
  #drawn = new Set<string>();
  readonly #pictureless = new Set<string>();
  #drawnSince = 0;

  constructor(ports: SheetsPorts) {
    this.#ports = ports;
  }

  getSnapshot = (): SheetsState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins with sheets of so many, or starts over with what was left out. */
  start = (count: number = this.#count): void => {
    this.#count = count;
    this.#pictureless.clear();
    this.#set({ sheet: null, ahead: [], error: null, notice: null });
    void this.#refill();
  };

  move = (direction: Direction, columns: number): void =>
    this.#change((sheet) => moved(sheet, direction, columns));
  point = (id: string): void => this.#change((sheet) => pointed(sheet, id));
  say = (notice: string | null): void => this.#set({ notice });

  /** What is pointed at is bad; without a reason, for the one that was used last. */
  mark = (reason: string): void => {
    this.#ports.kept.reason = reason;
    this.#change((sheet) => marked(sheet, reason));
  };

  unmark = (): void => this.#change((sheet) => marked(sheet, null));

  /** The picture of a mask is on the screen. */
  drawn(id: string): void {
    this.#drawn.add(id);
    if (!this.#undrawn()) this.#drawnSince = this.#ports.now();
  }

  /** There is no picture of a mask, so nobody can judge it here. */
  pictureless(id: string): void {
    this.#pictureless.add(id);
    this.drawn(id);
  }

  /** Rejects what is marked and accepts the rest; nothing happens before all of it has been looked at. */
  accept = (): void => {
    const { sheet } = this.#state;
    if (!sheet) return;
    if (this.#undrawn() || this.#ports.now() - this.#drawnSince < GLANCE) {
      this.say(unseen(this.#undrawn()));
      return;
    }
    const judged = without(sheet, this.#unseeable(sheet));
    const left = sheet.items.length - judged.items.length;
    this.#give(judged);
    this.#show(this.#state.ahead, left ? leftBehind(left) : null);
    void this.#refill();
  };

  /** Takes back the verdicts of the sheet before, and shows it again with its marks. */
  undo = async (): Promise<void> => {
    const latest = this.#judged.pop();
    if (!latest) return this.say("No sheet of this sitting can be taken back.");
    this.#undone = this.#undone.then(() => this.#undo(latest));
    await this.#undone;
  };

  async #undo(latest: Judged): Promise<void> {
    // What is partly refused is sent more than once, so that its turn is not over with the first answer.
    await latest.answered;
    // It could not be sent, and came back by itself.
    if (latest.verdicts.length === 0) return;
    try {
      const { answers, refused } = await this.#ports.outgoing.send(() => this.#takeBack(latest));
      const back = answers.flatMap(({ results }) => results);
      const { sheet, ahead } = this.#state;
      if (back.length > 0) this.#show([again(latest.sheet, back), ...(sheet ? [sheet] : []), ...ahead]);
      this.#set({
        waiting: answers.at(-1)?.waiting ?? this.#state.waiting,
        notice: stayed(latest.sheet, refused),
      });
    } catch (error) {
      this.#judged.push(latest);
      this.say(sentenceOf(error));
    }
  }

  #give(sheet: Sheet): void {
    if (sheet.items.length === 0) return;
    const judged: Judged = { sheet, verdicts: [], answered: Promise.resolve() };
    this.#judged.push(judged);
    judged.answered = this.#sendSheet(judged);
  }

  async #sendSheet(judged: Judged): Promise<void> {
    const { sheet } = judged;
    const seconds = this.#ports.lap(sheet.items.length);
    const verdicts = verdictsOf(sheet, this.#ports.reviewer).map((verdict) => ({ ...verdict, seconds }));
    this.#underWay.add(sheet);
    try {
      const { answers, refused } = await allButRefused(verdicts, (some) => this.#send(some));
      judged.verdicts = answers.flatMap(({ results }) => results);
      for (const { annotation } of judged.verdicts) this.#ports.kept.marks.delete(annotation);
      if (refused.length > 0) this.say(stayed(sheet, refused));
    } catch (error) {
      // Whoever has asked for it back already has taken it out of these.
      if (this.#judged.includes(judged)) this.#judged.splice(this.#judged.indexOf(judged), 1);
      const current = this.#state.sheet;
      this.#show([sheet, ...(current ? [current] : []), ...this.#state.ahead], sentenceOf(error));
    } finally {
      this.#underWay.delete(sheet);
    }
  }

  #send(verdicts: readonly SheetVerdict[]) {
    const opId = this.#ports.newId();
    return this.#ports.outgoing.send(() => this.#ports.give(verdicts, opId));
  }

  #takeBack({ verdicts }: Judged) {
    return allButRefused(verdicts, (some) =>
      this.#ports.undo(
        some.map(({ id }) => id),
        this.#ports.newId(),
      ),
    );
  }

  /** Claims a sheet where there is none to show, or none behind it. */
  async #refill(): Promise<void> {
    if (this.#state.asking || (this.#state.sheet && this.#state.ahead.length > 0)) return;
    this.#set({ asking: true, error: null });
    const count = this.#count;
    try {
      const { results, waiting } = await this.#ports.outgoing.send(() => this.#claim());
      const { sheet, ahead } = this.#state;
      this.#set({ waiting, asking: false });
      if (count !== this.#count) return void this.#refill();
      if (results.length === 0) return;
      const more = sheetOf(
        results,
        this.#ports.kept.marks,
        results.findIndex(({ id }) => id === this.#ports.kept.at),
      );
      if (sheet) return this.#set({ ahead: [...ahead, more] });
      this.#show([...ahead, more], this.#state.notice);
      void this.#refill();
    } catch (error) {
      this.#set({ error, notice: sentenceOf(error), asking: false });
    }
  }

  // When it is asked, and not before: verdicts that are on their way then have arrived.
  #claim(): Promise<Claimed> {
    const { sheet, ahead } = this.#state;
    const keep = idsOf([...(sheet ? [sheet] : []), ...ahead, ...this.#underWay]);
    return this.#ports.claim({ count: this.#count, keep, skip: [...this.#pictureless] });
  }

  #show([sheet, ...ahead]: readonly Sheet[], notice: string | null = null): void {
    this.#drawn = new Set();
    this.#set({ sheet: sheet ?? null, ahead, notice });
  }

  #undrawn(): number {
    return this.#state.sheet?.items.filter(({ id }) => !this.#drawn.has(id)).length ?? 0;
  }

  #unseeable = ({ items, marks }: Sheet): Set<string> =>
    new Set(items.map(({ id }) => id).filter((id) => this.#pictureless.has(id) && !marks.has(id)));

  #change(change: (sheet: Sheet) => Sheet): void {
    const { sheet } = this.#state;
    if (!sheet) return;
    const changed = change(sheet);
    this.#set({ sheet: changed, notice: null });
    const { kept } = this.#ports;
    for (const { id } of changed.items) kept.marks.delete(id);
    for (const [id, reason] of changed.marks) kept.marks.set(id, reason);
    kept.at = pointedAt(changed)?.id ?? null;
  }

  #set(change: Partial<SheetsState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The sheet as it was, of masks as they are now. */
function again({ items, marks, at }: Sheet, back: readonly ReviewItem[]): Sheet {
  const now = new Map(back.map((item) => [item.id, item]));
  return sheetOf(
    items.flatMap(({ id }) => now.get(id) ?? []),
    marks,
    at,
  );
}
