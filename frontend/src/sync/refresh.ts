import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { keys } from "../server/keys";
import type { ImageInfo, JobState, Page, ProjectEvent } from "../server/types";
import { useProjectEvents } from "./events";

const EVERY = 700;
const EVERYTHING: QueryKey = [];
/** Events that may change what people can do with any image, even if they do not name it. */
const AFFECT_OPEN_IMAGE = ["assignment.changed", "jobs.reordered"];

/** What an event of project `id` outdates in the query cache. */
export function outdatedBy(id: string, event: ProjectEvent): QueryKey[] {
  const [noun] = event.kind.split(".");
  switch (noun) {
    case "job":
      return event.data["kind"] === "export" ? [keys.exports(id)] : [keys.progress(id)];
    case "jobs":
      return [keys.progress(id), keys.images(id)];
    case "export":
      return [keys.exports(id)];
    case "project":
      return [keys.project(id), keys.projects];
    case "class":
      return [keys.classes(id)];
    case "member":
      return [keys.members(id), keys.project(id)];
    case "image":
      return [keys.progress(id), keys.images(id)];
    case "assignment":
      return [
        keys.progress(id),
        keys.images(id),
        keys.imagesToReview(id),
        keys.myAssignments,
        ...ofImage(event),
      ];
    case "comment":
      return event.image === null ? [] : [keys.comments(event.image), keys.myComments];
    case "verdict":
      return [keys.progress(id), keys.myAssignments];
    default:
      return [keys.progress(id)];
  }
}

/** It may be open: what can be done with it depends on whose it is now. */
const ofImage = ({ image }: ProjectEvent): QueryKey[] => (image === null ? [] : [keys.image(image)]);

/** What of an image each kind of job makes. */
const READINESS: Record<string, "tiles" | "embedding" | "proposals"> = {
  tile: "tiles",
  embed: "embedding",
  propose: "proposals",
};

/** Puts a job's news into the cached lists at once: 200 finishing images must not mean 200 fetched lists. */
export function applyReadiness(client: QueryClient, projectId: string, event: ProjectEvent): void {
  const { kind, target, state, error, progress } = event.data;
  const part = event.kind === "job.changed" && READINESS[String(kind)];
  if (!part) return;
  const readiness = {
    state: state as JobState,
    error: typeof error === "string" ? error : null,
    ...(part === "tiles" && typeof progress === "number" && { progress }),
  };
  const changed = (image: ImageInfo) => (image.id === target ? { ...image, [part]: readiness } : image);
  client.setQueriesData<Pages>(
    { queryKey: keys.images(projectId) },
    (data) => data && eachImage(data, changed),
  );
  client.setQueryData<ImageInfo>(keys.image(String(target)), (image) => image && changed(image));
}

interface Pages {
  pages: Page<ImageInfo>[];
  pageParams: unknown[];
}

const eachImage = (data: Pages, change: (image: ImageInfo) => ImageInfo): Pages => ({
  ...data,
  pages: data.pages.map((page) => ({ ...page, results: page.results.map(change) })),
});

/**
 * Keeps everything that is shown of a project current, at most one refetch of a list every 700 ms. Where an image is
 * open, the way to one's other images depends on whose those are.
 */
export function useLiveProject(projectId: string, openImage?: string): void {
  const client = useQueryClient();
  const batch = useMemo(() => makeBatch(client), [client]);
  useEffect(() => batch.stop, [batch]);
  useProjectEvents(
    projectId,
    (event) => {
      applyReadiness(client, projectId, event);
      for (const key of outdatedBy(projectId, event)) batch.add(key);
      if (openImage && AFFECT_OPEN_IMAGE.includes(event.kind)) batch.add(keys.image(openImage));
    },
    () => batch.add(EVERYTHING),
  );
}

/** Collects keys and refetches them together; what comes meanwhile waits until that is done, so that it can end. */
function makeBatch(client: QueryClient) {
  const waiting = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async () => {
    const due = [...waiting.values()];
    waiting.clear();
    await Promise.all(due.map((queryKey) => client.invalidateQueries({ queryKey })));
    timer = waiting.size > 0 ? setTimeout(flush, EVERY) : undefined;
  };
  return {
    add(key: QueryKey) {
      waiting.set(JSON.stringify(key), key);
      timer ??= setTimeout(flush, EVERY);
    },
    stop: () => clearTimeout(timer),
  };
}
