import { useQuery } from "@tanstack/react-query";
import { del, get, patch, post } from "./client";
import { keys } from "./keys";
import type { Annotation, AnnotationDraft, AnnotationVersion, ChangeResult, ChangeSet } from "./types";

/** The annotations of an image that are not deleted, in z order. */
export const useAnnotations = (imageId: string) =>
  useQuery({ queryKey: keys.annotations(imageId), queryFn: () => listAnnotations(imageId) });

export const listAnnotations = (imageId: string) => get<Annotation[]>(`/images/${imageId}/annotations`);

export const createAnnotation = (imageId: string, draft: Partial<AnnotationDraft>, opId?: string) =>
  post<Annotation>(`/images/${imageId}/annotations`, draft, named(opId));

/** Changes the given version; 412 with `body.current` when somebody was faster. */
export const updateAnnotation = (
  id: string,
  version: number,
  change: Partial<AnnotationDraft>,
  opId?: string,
) => patch<Annotation>(`/annotations/${id}`, change, { version, ...named(opId) });

export const deleteAnnotation = (id: string, version: number, opId?: string) =>
  del(`/annotations/${id}`, { version, ...named(opId) });

/** Creates, updates and deletes as one change: all of it or nothing. */
export const changeAnnotations = (imageId: string, changes: ChangeSet, opId?: string) =>
  post<ChangeResult>(`/images/${imageId}/changes`, changes, named(opId));

export const useHistory = (annotationId: string) =>
  useQuery({
    queryKey: keys.history(annotationId),
    queryFn: () => get<AnnotationVersion[]>(`/annotations/${annotationId}/history`),
  });

/** Undeletes, or makes an older version the newest. */
export const restoreAnnotation = (id: string, version: number, older?: number) =>
  post<Annotation>(`/annotations/${id}/restore`, older === undefined ? {} : { version: older }, { version });

const named = (opId: string | undefined) => (opId === undefined ? {} : { opId });
