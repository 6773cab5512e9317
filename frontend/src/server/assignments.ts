import { useMutation, useQueryClient } from "@tanstack/react-query";
import { at, get, post } from "./client";
import { keys } from "./keys";
import type {
  Assignment,
  AssignResult,
  ChangeEvents,
  ImageInfo,
  ImageReview,
  Submitted,
  UnassignResult,
  UndoneAssigning,
} from "./types";

/** As many images as one request may name. */
const MAX_IMAGES = 1000;

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

/**
 * Hands an image in; 409 `rejected_unchanged` when a rejected mask was not touched, `nothing_labeled` when there is no
 * object on it and `nothingToLabel` does not say that this is so.
 */
export const submitAssignment = (id: string, nothingToLabel: boolean) =>
  post<Submitted>(at("/assignments/{assignment}/submit", id), { nothing_to_label: nothingToLabel });

/** 409 `too_late` once a reviewer has decided about some of it. */
export const takeBackSubmission = (id: string, submission: number) =>
  post<Assignment>(at("/assignments/{assignment}/submit/undo", id), { submission });

/** A reviewer accepts the image as it is, for the reason that they were shown. */
export const confirmImage = (id: string, because: ImageReview) =>
  post<Assignment>(at("/assignments/{assignment}/confirm", id), { because });

/** Puts an image aside that cannot be labeled; its manager reads why. */
export const skipAssignment = (id: string, reason: string) =>
  post<Assignment>(at("/assignments/{assignment}/skip", id), { reason });

/** The outcome for each assigned or unassigned image, and the events that undo it. */
export interface Assigned {
  results: AssignResult["results"];
  undo: ChangeEvents[];
}

interface Giving {
  images: string[];
  annotator: string;
  /** Also what is submitted or done, which is open again by that. */
  includeFinished?: boolean;
}

export const useAssign = (projectId: string) =>
  useAssigning(projectId, ({ images, annotator, includeFinished = false }: Giving) =>
    inParts(images, (part) =>
      post<AssignResult>(at("/projects/{project}/assignments", projectId), {
        annotator,
        images: part,
        include_finished: includeFinished,
      }),
    ),
  );

export const useUnassign = (projectId: string) =>
  useAssigning(projectId, (images: string[]) =>
    inParts(images, (part) =>
      post<UnassignResult>(at("/projects/{project}/assignments/unassign", projectId), { images: part }),
    ),
  );

/** Undoes what was assigned or unassigned, where nothing has happened since; answers how many images stay changed. */
export const useUndoAssigning = (projectId: string) =>
  useAssigning(projectId, async (changes: ChangeEvents[]) => {
    let left = 0;
    for (const change of changes)
      left += (await post<UndoneAssigning>(at("/projects/{project}/assignments/undo", projectId), change))
        .left;
    return left;
  });

function useAssigning<Input, Output>(projectId: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    // Of several requests some may have been answered before one failed.
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.myAssignments });
      return client.invalidateQueries({ queryKey: keys.project(projectId) });
    },
  });
}

async function inParts(
  images: readonly string[],
  call: (part: string[]) => Promise<AssignResult | UnassignResult>,
): Promise<Assigned> {
  const all: Assigned = { results: [], undo: [] };
  for (let start = 0; start < images.length; start += MAX_IMAGES) {
    const { results, undo } = await call(images.slice(start, start + MAX_IMAGES));
    all.results.push(...results);
    if (undo) all.undo.push(undo);
  }
  return all;
}
