import { useEffect, useMemo, useSyncExternalStore } from "react";
import { newOpId } from "../../../server/client";
import { type ClaimRequest, claimReview, giveVerdicts, undoVerdicts } from "../../../server/review";
import type { Claimed } from "../../../server/types";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";
import { type Kept, Sheets } from "./Sheets";

/** By project, for as long as the app is open. */
const kept = new Map<string, Kept>();

function keptOf(projectId: string): Kept {
  const found = kept.get(projectId) ?? { marks: new Map(), at: null, reason: null };
  kept.set(projectId, found);
  return found;
}

/** The sheets of this part of the queue; with `oneClass` each is of the class of the least certain mask. */
export function useSheets(count: number, oneClass: boolean) {
  const { me, project, outgoing, pace } = useReviewContext();
  const { filters } = useReviewFilters();
  const { lap, begin } = pace;
  const sheets = useMemo(() => {
    const claim = (asked: ClaimRequest) => claimReview(project.id, { ...filters, ...asked });
    return new Sheets({
      outgoing,
      claim: oneClass && !filters.class_id ? (asked) => claimOfOneClass(claim, asked) : claim,
      give: (verdicts, opId) => giveVerdicts(project.id, verdicts, opId),
      undo: (verdicts, opId) => undoVerdicts(project.id, verdicts, opId),
      newId: newOpId,
      now: () => performance.now(),
      lap,
      reviewer: me.id,
      kept: keptOf(project.id),
    });
  }, [project.id, outgoing, filters, oneClass, lap, me.id]);
  useEffect(() => {
    if (count > 0) sheets.start(count);
  }, [sheets, count]);
  useEffect(begin, [begin]);
  return {
    sheets,
    state: useSyncExternalStore(sheets.subscribe, sheets.getSnapshot),
    kept: keptOf(project.id),
  };
}

/** First whose turn it is, then what is like it. */
async function claimOfOneClass(
  claim: (asked: ClaimRequest) => Promise<Claimed>,
  asked: ClaimRequest,
): Promise<Claimed> {
  const first = await claim({ ...asked, count: 1 });
  const [item] = first.results;
  return item ? claim({ ...asked, class_id: item.class_id }) : first;
}
