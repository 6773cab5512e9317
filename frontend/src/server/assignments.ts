import { useMutation, useQueryClient } from "@tanstack/react-query";
import { at, get, post } from "./client";
import { keys } from "./keys";
import type { Assignment, ImageInfo } from "./types";

export interface AssignResult {
  assigned: number;
  results: { image: string; outcome: "assigned" | "reassigned" | "already" }[];
}

/** The next image of the pull queue with a lease, or undefined when nothing is left. */
export const nextAssignment = (projectId: string, opId: string) =>
  post<Assignment | undefined>(at("/projects/{project}/assignments/next", projectId), undefined, { opId });

/** Makes an image that nobody has this person's own; answers the assignment's id. */
export async function takeImage(projectId: string, image: string, person: string): Promise<string> {
  await post(at("/projects/{project}/assignments", projectId), { annotator: person, images: [image] });
  const { assignment } = await get<ImageInfo>(at("/images/{image}", image));
  if (!assignment) throw new Error("The image was taken away again. Try once more.");
  return assignment.id;
}

/** Hands an image in; 409 `rejected_unchanged` when a rejected mask was not touched. */
export const submitAssignment = (id: string) => post<Assignment>(at("/assignments/{assignment}/submit", id));

/** Puts an image aside that cannot be labeled; its manager reads why. */
export const skipAssignment = (id: string, reason: string) =>
  post<Assignment>(at("/assignments/{assignment}/skip", id), { reason });

export function useAssign(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { annotator: string; images: string[] }) =>
      post<AssignResult>(at("/projects/{project}/assignments", projectId), input),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: keys.myAssignments });
      return client.invalidateQueries({ queryKey: keys.project(projectId) });
    },
  });
}
