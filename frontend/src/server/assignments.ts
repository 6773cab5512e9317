import { useMutation, useQueryClient } from "@tanstack/react-query";
import { del, get, post } from "./client";
import { keys } from "./keys";
import type { Assignment } from "./types";

export interface AssignResult {
  assigned: number;
  results: { image: string; outcome: "assigned" | "reassigned" | "already" }[];
}

export const getAssignment = (id: string) => get<Assignment>(`/assignments/${id}`);

/** The next image of the pull queue with a lease, or undefined when nothing is left. */
export const nextAssignment = (projectId: string) =>
  post<Assignment | undefined>(`/projects/${projectId}/assignments/next`);

/** Hands an image in; 409 `rejected_unchanged` when a rejected mask was not touched. */
export const submitAssignment = (id: string) => post<Assignment>(`/assignments/${id}/submit`);

export function useAssign(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { annotator: string; images: string[] }) =>
      post<AssignResult>(`/projects/${projectId}/assignments`, input),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: keys.myAssignments });
      return client.invalidateQueries({ queryKey: keys.project(projectId) });
    },
  });
}

export function useUnassign(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => Promise.all(ids.map((id) => del(`/assignments/${id}`))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.project(projectId) }),
  });
}
