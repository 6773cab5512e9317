import { useCallback, useEffect, useRef, useState } from "react";
import { Problem, sentenceOf } from "../../../server/problem";
import { claimReview, giveVerdict } from "../../../server/review";
import type { ReviewItem, VerdictInput, VerdictKind } from "../../../server/types";
import type { ReviewFilters } from "../filters/filters";

export type Item = ReviewItem & { waiting: number };

interface Queue {
  /** What this page has shown, in order, and which of it is on show. */
  readonly shown: readonly Item[];
  readonly at: number;
  readonly verdicts: Readonly<Record<string, VerdictKind>>;
  readonly phase: "loading" | "judging" | "empty" | "failed";
  readonly error: unknown;
  /** What just happened that people should know. */
  readonly notice: string | null;
}

const START: Queue = { shown: [], at: -1, verdicts: {}, phase: "loading", error: null, notice: null };

export interface Review {
  readonly queue: Queue;
  readonly item: Item | undefined;
  /** Passed over in this sitting, without a verdict. */
  readonly skipped: number;
  readonly judge: (verdict: Omit<VerdictInput, "version">) => void;
  readonly next: () => void;
  readonly back: () => void;
  /** Starts over, with what was passed over. */
  readonly restart: () => void;
}

const withoutVerdict = ({ shown, verdicts }: Queue): string[] =>
  shown.map(({ id }) => id).filter((id) => !verdicts[id]);

/** Walks the project's review queue: claims the next mask, gives verdicts, remembers what was shown. */
export function useReview(projectId: string, filters: ReviewFilters): Review {
  const [queue, setQueue] = useState<Queue>(START);
  const newest = useRef(queue);
  const busy = useRef(false);
  const update = useCallback((change: Partial<Queue>) => {
    newest.current = { ...newest.current, ...change };
    setQueue(newest.current);
  }, []);

  const advance = useCallback(
    async (notice: string | null = null) => {
      const { shown, at } = newest.current;
      if (at < shown.length - 1) return update({ at: at + 1, notice, phase: "judging" });
      update({ phase: "loading", notice });
      const { results, waiting } = await claimReview(projectId, {
        ...filters,
        skip: withoutVerdict(newest.current),
      });
      const [item] = results;
      if (item) update({ shown: [...shown, { ...item, waiting }], at: shown.length, phase: "judging" });
      else update({ at: shown.length, phase: "empty" });
    },
    [projectId, filters, update],
  );

  /** One thing at a time: a key held down must not give two verdicts. */
  const exclusively = useCallback(
    async (work: () => Promise<void>) => {
      if (busy.current) return;
      busy.current = true;
      try {
        await work();
      } catch (error) {
        const { at, shown } = newest.current;
        update(shown[at] ? { phase: "judging", notice: sentenceOf(error) } : { phase: "failed", error });
      } finally {
        busy.current = false;
      }
    },
    [update],
  );

  const judge = (verdict: Omit<VerdictInput, "version">) =>
    void exclusively(async () => {
      const { shown, at, verdicts } = newest.current;
      const item = shown[at];
      if (!item) return;
      try {
        await giveVerdict(item.id, { ...verdict, version: item.version });
        update({ verdicts: { ...verdicts, [item.id]: verdict.verdict } });
        await advance();
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 409) throw error;
        // It is another mask by now, or somebody else's: forget it here, so that it can come again.
        update({ shown: shown.filter(({ id }) => id !== item.id), at: at - 1 });
        await advance(error.detail);
      }
    });

  const next = () => void exclusively(() => advance());
  const restart = useCallback(() => {
    update(START);
    void exclusively(() => advance());
  }, [update, exclusively, advance]);
  useEffect(restart, [restart]);
  const back = () => {
    const { at } = newest.current;
    if (!busy.current && at > 0) update({ at: at - 1, phase: "judging", notice: null });
  };
  const skipped = withoutVerdict(queue).length;
  return { queue, item: queue.shown[queue.at], skipped, judge, next, back, restart };
}
