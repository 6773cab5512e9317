import { at, post } from "./client";
import type { ReviewItem, Verdict, VerdictInput } from "./types";

/** Claims the least certain annotation that nobody holds; undefined when nothing waits. */
export const nextReview = (projectId: string, skip: string[] = []) =>
  post<ReviewItem | undefined>(at("/projects/{project}/review-queue/next", projectId), { skip });

/** 409 `stale_verdict` (`body.current`) or `claimed` (`body.by`) when it cannot stand. */
export const giveVerdict = (annotationId: string, verdict: VerdictInput, opId?: string) =>
  post<Verdict>(
    at("/annotations/{annotation}/verdicts", annotationId),
    verdict,
    opId === undefined ? {} : { opId },
  );
