import { useQuery } from "@tanstack/react-query";
import { at, get, post } from "./client";
import { keys } from "./keys";
import type { Annotation, AnnotationVersion, ChangeResult, ChangeSet } from "./types";

/** The annotations of an image that are not deleted, in z order. */
export const listAnnotations = (imageId: string, signal?: AbortSignal) =>
  get<Annotation[]>(at("/images/{image}/annotations", imageId), undefined, signal);

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

/** Undeletes, or makes an older version the newest. */
export const restoreAnnotation = (id: string, version: number, signal?: AbortSignal) =>
  post<Annotation>(at("/annotations/{annotation}/restore", id), {}, { version, signal });

/** Every version of an annotation, also of a deleted one. */
export const annotationHistory = (id: string, signal?: AbortSignal) =>
  get<AnnotationVersion[]>(at("/annotations/{annotation}/history", id), undefined, signal);
