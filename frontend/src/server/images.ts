import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post } from "./client";
import { keys } from "./keys";
import { pagedQuery } from "./pages";
import type { ImageInfo, Neighbours, Prediction, PredictRequest, Readiness } from "./types";

export interface ImageFilter {
  q?: string;
  /** `unassigned`, or the state of the image's assignment. */
  state?: string;
}

/** The images of a project, page after page. */
export const useImages = (projectId: string, filter: ImageFilter = {}) =>
  useInfiniteQuery({
    queryKey: keys.imageList(projectId, filter),
    ...pagedQuery<ImageInfo>(`/projects/${projectId}/images`, { ...filter }),
  });

export const useImage = (id: string) =>
  useQuery({ queryKey: keys.image(id), queryFn: () => get<ImageInfo>(`/images/${id}`) });

/** Where an image stands in its project, or (`scope` "mine") in my open and returned work. */
export const useNeighbours = (id: string, scope: "project" | "mine" = "project") =>
  useQuery({
    queryKey: keys.neighbours(id, scope),
    queryFn: () =>
      get<Neighbours>(`/images/${id}/neighbours`, { assignment: scope === "mine" ? "mine" : undefined }),
  });

/** Moves an image's embedding to the front of the queue. */
export const prioritise = (id: string) => post<{ embedding: Readiness }>(`/images/${id}/prioritise`);

/** Prompt → candidates, best first. 409 `embedding_not_ready` while there is no embedding yet. */
export const predict = (id: string, prompt: PredictRequest, signal?: AbortSignal) =>
  post<Prediction>(`/images/${id}/predict`, prompt, { signal, opId: undefined });

/** Queues the failed embeddings of these images again. */
export function useRetryEmbeddings(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => Promise.all(ids.map((id) => post<ImageInfo>(`/images/${id}/retry`))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(projectId) }),
  });
}

export function useDeleteImages(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => Promise.all(ids.map((id) => del(`/images/${id}`))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(projectId) }),
  });
}
