import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { at, get, post } from "./client";
import { keys } from "./keys";
import { everyPage, flat, pagedQuery } from "./pages";
import type {
  Annotation,
  ChangeResult,
  ChangeSet,
  Disputed,
  HistoryEntry,
  HistoryPage,
  SentBack,
} from "./types";

/**
 * The annotations of an image that are not deleted, from bottom to top. The server pages them by id, so that edits
 * between two pages hide none of them. Annotations created meanwhile come as events.
 */
export async function listAnnotations(imageId: string, signal?: AbortSignal): Promise<Annotation[]> {
  const all = await everyPage<Annotation>(at("/images/{image}/annotations", imageId), {}, signal);
  return all.sort((a, b) => a.z - b.z || byTime(a.created_at, b.created_at) || (a.id < b.id ? -1 : 1));
}

/** Compares timestamps. Within one millisecond, the digits after it decide. */
const byTime = (a: string, b: string): number =>
  Date.parse(a) - Date.parse(b) || (a < b ? -1 : a > b ? 1 : 0);

export const annotationsQuery = (imageId: string) => ({
  queryKey: keys.annotations(imageId),
  queryFn: () => listAnnotations(imageId),
});

export const useAnnotations = (imageId: string) => useQuery(annotationsQuery(imageId));

export const getAnnotation = (id: string, signal?: AbortSignal) =>
  get<Annotation>(at("/annotations/{annotation}", id), undefined, signal);

/** Creates, updates and deletes as one change: all of it or nothing. */
export const changeAnnotations = (
  imageId: string,
  changes: ChangeSet,
  options: { opId: string; signal?: AbortSignal },
) => post<ChangeResult>(at("/images/{image}/changes", imageId), changes, options);

/** Undeletes, or makes an older version the newest one. `expected` is the version that is there now. */
export const restoreAnnotation = (id: string, expected: number, version?: number, signal?: AbortSignal) =>
  post<Annotation>(at("/annotations/{annotation}/restore", id), version === undefined ? {} : { version }, {
    version: expected,
    signal,
  });

/** The annotator answers a rejection of this version: it is right. Says who decides. */
export const disputeAnnotation = (id: string, version: number, comment: string, opId: string) =>
  post<Disputed>(at("/annotations/{annotation}/dispute", id), { comment }, { version, opId });

/** The newest of what ever happened to an annotation, also to a deleted one. */
export const annotationHistory = (id: string, signal?: AbortSignal) =>
  get<HistoryPage>(at("/annotations/{annotation}/history", id), undefined, signal);

type Judged = Pick<Annotation, "id" | "version" | "review">;

/** What a reviewer sent back last and was changed since; null where nothing was. */
export const sentBackQuery = ({ id, version, review }: Judged) => ({
  queryKey: [...keys.history(id), "sent back", version],
  queryFn: async () =>
    (await get<SentBack | undefined>(at("/annotations/{annotation}/sent-back", id))) ?? null,
  // What nobody judged, or has changed since, was not sent back.
  enabled: review !== null && version > 1,
});

/** The whole timeline, the newest first, page after page. */
export const useHistory = (id: string) =>
  useInfiniteQuery({
    queryKey: keys.history(id),
    ...pagedQuery<HistoryEntry>(at("/annotations/{annotation}/history", id)),
    select: flat<HistoryEntry>,
    staleTime: 0,
  });

/** What was deleted on an image, the latest first. */
export const useDeleted = (imageId: string) =>
  useInfiniteQuery({
    queryKey: keys.deleted(imageId),
    ...pagedQuery<Annotation>(at("/images/{image}/deleted", imageId)),
    select: flat<Annotation>,
    staleTime: 0,
  });
