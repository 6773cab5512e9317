import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { whenNotBusy } from "./busy";
import { API, at, del, get, oneByOne, post, withQuery } from "./client";
import { keys } from "./keys";
import { pagedQuery } from "./pages";
import type {
  ActiveTime,
  ImageInfo,
  Neighbours,
  Prediction,
  PredictRequest,
  ProposalList,
  Readiness,
  TilesInfo,
} from "./types";

export interface ImageFilter {
  q?: string;
  /** `unassigned`, or the state of the image's assignment. */
  state?: string;
  /** A person's id, `nobody`, or `former` for people who label here no more. */
  annotator?: string;
}

/** The images of a project, page after page. */
export const useImages = (projectId: string, filter: ImageFilter = {}) =>
  useInfiniteQuery({
    queryKey: keys.imageList(projectId, filter),
    ...pagedQuery<ImageInfo>(at("/projects/{project}/images", projectId), { ...filter }),
  });

export const imageQuery = (id: string) => ({
  queryKey: keys.image(id),
  queryFn: () => get<ImageInfo>(at("/images/{image}", id)),
});

/** Milliseconds between two looks at what workers make for an image. */
const LOOK_AGAIN = 5_000;

export const useImage = (id: string) => useQuery(imageQuery(id));

/** An image that somebody works on. */
export const useOpenImage = (id: string) =>
  useQuery({
    ...imageQuery(id),
    // Events tell what becomes ready, but not what did before the page heard any, nor that a worker has died.
    refetchInterval: ({ state }) => (state.data && isBeingMade(state.data) ? LOOK_AGAIN : false),
  });

const isBeingMade = ({ embedding, tiles, proposals }: ImageInfo): boolean =>
  [embedding, tiles, proposals].some((part) => part?.state === "queued" || part?.state === "running");

/** How a large image is cut into tiles. */
export const tilesQuery = (id: string) => ({
  queryKey: keys.tiles(id),
  queryFn: () => get<TilesInfo>(at("/images/{image}/tiles", id)),
  // What a file is cut into never changes.
  staleTime: Number.POSITIVE_INFINITY,
});

/** Among which images previous and next are: my open and returned work, those of a filter, or all of the project. */
export type Scope = ImageFilter & { assignment?: "mine" };

export const WHOLE_PROJECT: Scope = {};
export const MY_WORK: Scope = { assignment: "mine" };

export const neighboursQuery = (id: string, scope: Scope) => ({
  queryKey: keys.neighbours(id, scope),
  queryFn: () => get<Neighbours>(at("/images/{image}/neighbours", id), { ...scope }),
});

/** Where an image stands. */
export const useNeighbours = (id: string, scope: Scope) => useQuery(neighboursQuery(id, scope));

/** Moves an image's embedding to the front of the queue. */
export const prioritise = (id: string) =>
  post<{ embedding: Readiness }>(at("/images/{image}/prioritise", id));

/** Prompt → candidates by score. 409 `embedding_not_ready` while there is no embedding yet. */
export const predict = (id: string, prompt: PredictRequest, signal?: AbortSignal) =>
  whenNotBusy(() => post<Prediction>(at("/images/{image}/predict", id), prompt, { signal, opId: undefined }));

/** The lengths that the server makes pictures of parts in. */
const CROP_SIZES = [160, 240, 320, 480, 640, 960, 1440] as const;
const LARGEST = 1440;

/** Where a small picture of a part of the upright image is; its longer side has at least `size` pixels, if it can. */
export const cropUrl = (
  id: string,
  { x, y, w, h }: { x: number; y: number; w: number; h: number },
  size: number,
) =>
  withQuery(API + at("/images/{image}/crop", id), {
    box: [x, y, w, h].join(","),
    size: CROP_SIZES.find((each) => each >= size) ?? LARGEST,
  });

/** The automatic masks of an image. Raises 409 while there are none, which also moves the image to the front. */
export const listProposals = (id: string) => get<ProposalList>(at("/images/{image}/proposals", id));

/** They are large, so those of images that nobody looks at are forgotten soon. */
export const proposalsQuery = (id: string) => ({
  queryKey: keys.proposals(id),
  queryFn: () => listProposals(id),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 60_000,
});

export const useProposals = (id: string, enabled: boolean) => useQuery({ ...proposalsQuery(id), enabled });

/** Adds to the time that I have worked on an image. */
export const addActiveTime = (id: string, seconds: number) =>
  post(at("/images/{image}/active-time", id), { seconds });

/** Who has worked how long on which image, page after page. */
export const useActiveTimes = (projectId: string) =>
  useInfiniteQuery({
    queryKey: keys.activeTimes(projectId),
    ...pagedQuery<ActiveTime>(at("/projects/{project}/active-times", projectId)),
  });

/** Tries again what failed of an image. */
export const retry = (id: string) => post(at("/images/{image}/retry", id));

export function useRetryImages(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => oneByOne(ids, retry),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(projectId) }),
  });
}

export function useDeleteImages(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => oneByOne(ids, (id) => del(at("/images/{image}", id))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(projectId) }),
  });
}
