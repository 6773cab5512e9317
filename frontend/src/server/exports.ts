import { useInfiniteQuery } from "@tanstack/react-query";
import { at, post } from "./client";
import { useCreation } from "./creation";
import { keys } from "./keys";
import { pagedQuery } from "./pages";
import type { ExportInclude, ExportInfo } from "./types";

export const useExports = (projectId: string) =>
  useInfiniteQuery({
    queryKey: keys.exports(projectId),
    ...pagedQuery<ExportInfo>(at("/projects/{project}/exports", projectId)),
  });

interface NewExport {
  include: ExportInclude;
  name: string;
  /** The dataset as it was at this moment; null: as it is now. */
  as_of: string | null;
}

export const useCreateExport = (projectId: string) =>
  useCreation({
    create: (wanted: NewExport, opId) =>
      post<ExportInfo>(at("/projects/{project}/exports", projectId), { format: "coco", ...wanted }, { opId }),
    outdates: keys.exports(projectId),
  });
