import type { Comment, HistoryEntry, Thread } from "../../server/types";

/** A comment about the object, or an answer to one. */
export type Said = Pick<Comment, "id" | "text" | "by" | "at"> & { readonly answers: boolean };

/** What was said about an object. What came with a verdict stands with that already, but not what it was answered. */
export const saidAbout = (annotation: string, threads: readonly Thread[]): Said[] =>
  threads
    .filter((thread) => thread.annotation === annotation)
    .flatMap((thread) => [
      ...(thread.verdict === null ? [{ ...thread, answers: false }] : []),
      ...thread.replies.map((reply) => ({ ...reply, answers: true })),
    ]);

/** What happened and what was said, the newest first. What was said before all that is loaded waits until that is. */
export function inTime(
  entries: readonly HistoryEntry[],
  said: readonly Said[],
  complete: boolean,
): (HistoryEntry | Said)[] {
  const since = entries.at(-1)?.at;
  const within = said.filter(({ at }) => complete || since === undefined || moment(at) >= moment(since));
  // Sorting keeps the order of what has the same moment, as what one change did to an object.
  return [...entries, ...within].sort((a, b) => moment(b.at) - moment(a.at));
}

const moment = (at: string): number => new Date(at).getTime();
