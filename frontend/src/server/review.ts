import { useInfiniteQuery } from "@tanstack/react-query";
import { post } from "./client";
import { keys } from "./keys";
import { pagedQuery } from "./pages";
import type { Page, ReviewItem, Verdict, VerdictInput } from "./types";

export interface ReviewPage extends Page<ReviewItem> {
  /** How many annotations wait for a verdict in the whole project. */
  waiting: number;
}

/** The queue, least certain first. */
export const useReviewQueue = (projectId: string) =>
  useInfiniteQuery({
    queryKey: keys.reviewQueue(projectId),
    ...pagedQuery<ReviewItem, ReviewPage>(`/projects/${projectId}/review-queue`),
  });

/** Claims the least certain annotation that nobody holds; undefined when nothing waits. */
export const nextReview = (projectId: string, skip: string[] = []) =>
  post<ReviewItem | undefined>(`/projects/${projectId}/review-queue/next`, { skip });

/** 409 `stale_verdict` (`body.current`) or `claimed` (`body.by`) when it cannot stand. */
export const giveVerdict = (annotationId: string, verdict: VerdictInput, opId?: string) =>
  post<Verdict>(`/annotations/${annotationId}/verdicts`, verdict, opId === undefined ? {} : { opId });

export const giveVerdicts = (projectId: string, verdicts: (VerdictInput & { annotation: string })[]) =>
  post<{ results: Verdict[] }>(`/projects/${projectId}/verdicts`, { verdicts });
