import { useEffect, useMemo, useSyncExternalStore } from "react";
import { newOpId } from "../../../server/client";
import { claimReview, giveVerdict, giveVerdicts, undoVerdict } from "../../../server/review";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";
import { Sitting, type SittingState } from "./Sitting";

/** The sitting at the part of the queue that the address names, or at one image of it; another begins another one. */
export function useSitting(image?: string): Sitting {
  const { project, outgoing, pace } = useReviewContext();
  const { filters } = useReviewFilters();
  const { lap } = pace;
  const sitting = useMemo(
    () =>
      new Sitting({
        outgoing,
        round: image !== undefined,
        claim: (asked) => claimReview(project.id, { ...filters, ...(image && { image }), ...asked }),
        give: giveVerdict,
        giveAll: (verdicts, opId) => giveVerdicts(project.id, verdicts, opId),
        undo: undoVerdict,
        newId: newOpId,
        now: () => performance.now(),
        lap,
      }),
    [project.id, outgoing, filters, image, lap],
  );
  useEffect(() => sitting.start(), [sitting]);
  return sitting;
}

export const useSittingState = (sitting: Sitting): SittingState =>
  useSyncExternalStore(sitting.subscribe, sitting.getSnapshot);
