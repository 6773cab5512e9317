import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "./client";
import { keys } from "./keys";
import { pagedQuery } from "./pages";
import type { ExportInclude, ExportInfo } from "./types";

export const useExports = (projectId: string) =>
  useInfiniteQuery({
    queryKey: keys.exports(projectId),
    ...pagedQuery<ExportInfo>(`/projects/${projectId}/exports`),
  });

export function useCreateExport(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (include: ExportInclude) =>
      post<ExportInfo>(`/projects/${projectId}/exports`, { format: "coco", include }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.exports(projectId) }),
  });
}
