import { useEffect, useMemo, useSyncExternalStore } from "react";
import { newOpId } from "../../../server/client";
import { claimReview, giveVerdict, undoVerdict } from "../../../server/review";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";
import { Sitting, type SittingState } from "./Sitting";

/** The sitting at the part of the queue that the address names; another part begins another one. */
export function useSitting(): Sitting {
  const { project, outgoing, pace } = useReviewContext();
  const { filters } = useReviewFilters();
  const { lap } = pace;
  const sitting = useMemo(
    () =>
      new Sitting({
        outgoing,
        claim: (asked) => claimReview(project.id, { ...filters, ...asked }),
        give: giveVerdict,
        undo: undoVerdict,
        newId: newOpId,
        now: () => performance.now(),
        lap,
      }),
    [project.id, outgoing, filters, lap],
  );
  useEffect(() => sitting.start(), [sitting]);
  return sitting;
}

export const useSittingState = (sitting: Sitting): SittingState =>
  useSyncExternalStore(sitting.subscribe, sitting.getSnapshot);
