import { useQuery } from "@tanstack/react-query";
import { at, get, post } from "./client";
import { keys } from "./keys";
import type { Annotation, ChangeResult, ChangeSet } from "./types";

/** The annotations of an image that are not deleted, in z order. */
export const listAnnotations = (imageId: string) =>
  get<Annotation[]>(at("/images/{image}/annotations", imageId));

export const annotationsQuery = (imageId: string) => ({
  queryKey: keys.annotations(imageId),
  queryFn: () => listAnnotations(imageId),
});

export const useAnnotations = (imageId: string) => useQuery(annotationsQuery(imageId));

/** Creates, updates and deletes as one change: all of it or nothing. */
export const changeAnnotations = (imageId: string, changes: ChangeSet, opId?: string) =>
  post<ChangeResult>(at("/images/{image}/changes", imageId), changes, named(opId));

/** Undeletes, or makes an older version the newest. */
export const restoreAnnotation = (id: string, version: number, older?: number) =>
  post<Annotation>(
    at("/annotations/{annotation}/restore", id),
    older === undefined ? {} : { version: older },
    { version },
  );

const named = (opId: string | undefined) => (opId === undefined ? {} : { opId });
