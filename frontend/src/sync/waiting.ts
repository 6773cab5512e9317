import type { Listed, PendingEdits, Place, Why } from "./keptEdits";

/** The edits of one image that are not on the server, whatever pages they come from. */
export interface Waiting extends Place {
  readonly edits: PendingEdits;
  /** How many objects the server does not have as they are here. */
  readonly count: number;
  /** Null until an attempt to send them has failed. */
  readonly why: Why | null;
  /** When they were last written, in milliseconds since 1970. */
  readonly at: number;
  /** They are in the hands of an editor that is open. */
  readonly held: boolean;
  /** Some of them go with this tab, which is the only one to send them. */
  readonly onlyHere: boolean;
}

/** What waits, by image. What an open editor is about to send is none of anybody's business. */
export function waitingOf(kept: readonly Listed[]): Waiting[] {
  const shown = kept.filter(({ held, why }) => !held || why);
  const images = new Set(shown.map(({ image }) => image));
  return [...images].map((image) => together(shown.filter((record) => record.image === image)));
}

function together(records: readonly Listed[]): Waiting {
  const [last] = records.slice(-1) as [Listed];
  const edits = records.map((record) => record.edits).reduce(merged);
  const why = records.find((record) => record.why)?.why ?? null;
  const held = records.every((record) => record.held);
  const onlyHere = records.some((record) => record.onlyHere);
  return { ...last, edits, count: edits.now.length, why, held, onlyHere };
}

/** The edits of one page on top of those of another. */
const merged = (first: PendingEdits, next: PendingEdits): PendingEdits => ({
  saved: [...new Map([...next.saved, ...first.saved])],
  now: [...new Map([...first.now, ...next.now])],
  sent: [...new Map([...first.sent, ...next.sent])],
  gone: [...new Set([...first.gone, ...next.gone])],
});
