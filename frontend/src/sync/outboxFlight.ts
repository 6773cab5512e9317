import { type Changes, diff, isEmpty } from "../model/diff";
import type { Annotations, Patch } from "../model/patch";
import type { PendingEdits } from "./keptEdits";

/** One request of the outbox, kept until it has an answer. */
export interface Flight {
  readonly opId: string;
  readonly changes: Changes;
  /** Ids that the server holds as deleted: undoing a deletion brings them back, it cannot create them again. */
  readonly restore: readonly string[];
  /** What was seen when it took off. */
  readonly sent: Annotations;
}

/** The server's limit for one change, and our own for the length of a request with what it changes or deletes. */
export const MAX_CHANGES = 1000;
const MAX_CHARACTERS = 4_000_000;

/** The next request, with as many of these changes as fit, or null if there are no changes. */
export function flightFor(
  changes: Changes,
  saved: Annotations,
  sent: Annotations,
  gone: ReadonlySet<string>,
  newOpId: () => string,
): Flight | null {
  if (isEmpty(changes)) return null;
  const next = firstPart(changes, saved);
  const restore = next.create.map(({ id }) => id).filter((id) => gone.has(id));
  const create = next.create.filter(({ id }) => !gone.has(id));
  return { opId: newOpId(), changes: { ...next, create }, restore, sent };
}

/**
 * As many changes as fit into one request, and at least the first. Deletions go first, then updates, because they make
 * room and free pixels for new objects. The server reads what it changes, so that counts too.
 */
function firstPart({ delete: gone, update, create }: Changes, saved: Annotations): Changes {
  let [room, characters] = [MAX_CHANGES, MAX_CHARACTERS];
  const fitting = <T extends { readonly id: string }>(items: readonly T[]): T[] => {
    const taken: T[] = [];
    for (const item of items) {
      const length = JSON.stringify([item, saved.get(item.id)]).length;
      const isFirst = room === MAX_CHANGES;
      // The first change that does not fit ends the request, because no later change may overtake it.
      if (length > characters && !isFirst) room = 0;
      if (room === 0) break;
      room -= 1;
      characters -= length;
      taken.push(item);
    }
    return taken;
  };
  return { delete: fitting(gone), update: fitting(update), create: fitting(create) };
}

/** Whether two requests ask for the same, whatever they are called. */
export const sameRequest = (a: Flight, b: Flight | null): boolean =>
  JSON.stringify([a.changes, a.restore]) === JSON.stringify([b?.changes, b?.restore]);

const touched = (changes: Changes): string[] =>
  [...changes.create, ...changes.update, ...changes.delete].map(({ id }) => id);

const touchedBy = ({ changes, restore }: Flight): string[] => [...touched(changes), ...restore];

/** What a request was to make of the annotations that it names. */
export const sentBy = (flight: Flight): Patch =>
  new Map(touchedBy(flight).map((id) => [id, flight.sent.get(id) ?? null]));

/** What has to outlive the page, or null when the server has everything. `ids` wait for a decision. */
export function pendingEdits(
  saved: Annotations,
  now: Annotations,
  ids: readonly string[],
  sent: Patch,
  gone: ReadonlySet<string>,
): PendingEdits | null {
  const all = [...new Set([...touched(diff(saved, now)), ...ids, ...sent.keys()])];
  if (all.length === 0) return null;
  const entries = (from: Annotations) => all.map((id) => [id, from.get(id) ?? null] as const);
  return {
    saved: entries(saved),
    now: entries(now),
    sent: [...sent],
    gone: all.filter((id) => gone.has(id)),
  };
}
