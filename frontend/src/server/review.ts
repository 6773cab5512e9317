import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { at, get, newOpId, post } from "./client";
import { keys } from "./keys";
import { pagedQuery } from "./pages";
import { Problem } from "./problem";
import type {
  Annotation,
  Claimed,
  ImageInfo,
  ImageReviews,
  Page,
  QueueFilters,
  SheetVerdict,
  Verdict,
  VerdictInput,
} from "./types";

/**
 * The name under which this page holds its claims. Each load of the page has another, so that a release that arrives
 * after a reload ends the leases of the page that was left and of no other.
 */
const tab = newOpId();

/** As an address says them: the server reads `"0.5"` as a number, and says what cannot be. */
type Filters = { readonly [Name in keyof QueueFilters]?: QueueFilters[Name] | string };

/** Which part of the queue, and how much of it. */
export interface ClaimRequest extends Filters {
  count?: number;
  /** Not to be found. */
  skip?: string[];
  /** What this tab holds and goes on holding. */
  keep?: string[];
  /** Images on which nothing is to be found. */
  skip_images?: string[];
}

/** Claims the least certain annotations that nobody holds; none when nothing waits. */
export const claimReview = (
  projectId: string,
  { count = 1, skip = [], keep = [], skip_images = [], ...filters }: ClaimRequest = {},
) =>
  post<Claimed>(at("/projects/{project}/review-queue/next", projectId), {
    ...filters,
    tab,
    count,
    skip,
    keep,
    skip_images,
  });

/** The image that most likely comes next; nothing is claimed. */
export const imageAhead = async (
  projectId: string,
  asked: Pick<ClaimRequest, "skip_images"> & Filters,
): Promise<ImageInfo | null> =>
  (
    await post<{ image: ImageInfo | null }>(at("/projects/{project}/review-queue/ahead", projectId), {
      ...asked,
      tab,
    })
  ).image;

type Listed = Filters & { readonly verdict?: string };

/** What waits, or was judged and stands so now, the least certain first, page after page. */
export const useReviewList = (projectId: string, asked: Listed) =>
  useInfiniteQuery({
    queryKey: keys.reviewList(projectId, asked),
    ...pagedQuery<Annotation, Page<Annotation> & { waiting: number }>(
      at("/projects/{project}/review-queue", projectId),
      { ...asked },
    ),
  });

/** Says that this tab still shows what it has claimed; to be sent at least every few minutes. */
export const renewClaims = (projectId: string) =>
  post<{ held: string[]; until: string }>(at("/projects/{project}/review-queue/heartbeat", projectId), {
    tab,
  });

/** Images that a reviewer has to look at themselves, the longest waiting first. */
export const imagesToReview = (projectId: string) =>
  get<ImageReviews>(at("/projects/{project}/review-queue/images", projectId));

export const useImagesToReview = (projectId: string, enabled = true) =>
  useQuery({
    queryKey: keys.imagesToReview(projectId),
    queryFn: () => imagesToReview(projectId),
    enabled,
  });

/** Ends the leases of this page. `keepalive`: also when the page is gone before the server answers. */
export const releaseClaims = (projectId: string, keepalive = false) =>
  post(at("/projects/{project}/review-queue/release", projectId), { tab }, { keepalive, opId: undefined });

/** 412 `stale_version` (`body.current`) or 409 `claimed` (`body.by`) when it cannot stand. */
export const giveVerdict = (annotationId: string, verdict: VerdictInput, opId?: string) =>
  post<Verdict>(
    at("/annotations/{annotation}/verdicts", annotationId),
    { ...verdict, tab },
    opId === undefined ? {} : { opId },
  );

/** Takes one's own latest verdict back; the annotation comes to this tab again. */
export const undoVerdict = (verdictId: string, opId?: string) =>
  post<Claimed>(at("/verdicts/{verdict}/undo", verdictId), { tab }, opId === undefined ? {} : { opId });

/** One verdict on each of several annotations, all or nothing; `refusedIn` tells which cannot stand. */
export const giveVerdicts = (projectId: string, verdicts: readonly SheetVerdict[], opId: string) =>
  post<{ results: Verdict[] }>(at("/projects/{project}/verdicts", projectId), { verdicts, tab }, { opId });

/** Takes several of one's own latest verdicts back, all or nothing; the annotations come to this tab again. */
export const undoVerdicts = (projectId: string, verdicts: readonly string[], opId: string) =>
  post<Claimed>(at("/projects/{project}/verdicts/undo", projectId), { verdicts, tab }, { opId });

/** An annotation of several that was refused, so that nothing was done to the others either. */
export interface Refused {
  readonly annotation: string;
  readonly code: string;
  readonly detail: string;
}

export function refusedIn(error: unknown): Refused[] {
  const refused = error instanceof Problem ? error.body["refused"] : undefined;
  return Array.isArray(refused) ? (refused as Refused[]) : [];
}
