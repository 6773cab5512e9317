import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { at, post } from "./client";
import { keys } from "./keys";
import { pagedQuery } from "./pages";
import type { ExportInclude, ExportInfo } from "./types";

export const useExports = (projectId: string) =>
  useInfiniteQuery({
    queryKey: keys.exports(projectId),
    ...pagedQuery<ExportInfo>(at("/projects/{project}/exports", projectId)),
  });

export function useCreateExport(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (include: ExportInclude) =>
      post<ExportInfo>(at("/projects/{project}/exports", projectId), { format: "coco", include }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.exports(projectId) }),
  });
}
