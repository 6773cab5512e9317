import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { API, at, get, withQuery } from "./client";
import { keys } from "./keys";
import type { Calibration, Quality } from "./types";

/** Days, both included, as in "2026-03-31". */
export interface Span {
  since: string;
  until: string;
}

/** Figures of review. The ones of before stay while others are fetched, so that nothing jumps. */
export const useQuality = (projectId: string, span: Span) =>
  useQuery({
    queryKey: keys.quality(projectId, span),
    queryFn: ({ signal }) => get<Quality>(at("/projects/{project}/quality", projectId), { ...span }, signal),
    placeholderData: keepPreviousData,
  });

/** Where the same figures lie as CSV. */
export const qualityCsv = (projectId: string, span: Span) =>
  withQuery(API + at("/projects/{project}/quality.csv", projectId), { ...span });

/** How far the project's confidences may be believed. */
export const useCalibration = (projectId: string) =>
  useQuery({
    queryKey: keys.calibration(projectId),
    queryFn: () => get<Calibration>(at("/projects/{project}/calibration", projectId)),
  });
