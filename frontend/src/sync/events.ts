import { useEffect, useRef } from "react";
import { API, withQuery } from "../server/client";
import type { ProjectEvent } from "../server/types";
import { type Feed, openFeed } from "./feed";

/** An EventSource hears only the kinds it names. */
export const EVENT_KINDS: readonly string[] = [
  "project.changed",
  "project.deleted",
  "class.created",
  "class.changed",
  "class.deleted",
  "member.added",
  "member.changed",
  "member.removed",
  "image.created",
  "image.deleted",
  "job.changed",
  "jobs.reordered",
  "annotation.created",
  "annotation.changed",
  "annotation.deleted",
  "annotation.restored",
  "annotation.state",
  "annotations.submitted",
  "assignment.changed",
  "assignment.removed",
  "policy.accepted",
  "verdict.given",
  "verdict.undone",
  "comment.created",
  "comment.changed",
  "comment.deleted",
  "comment.resolved",
  "comment.reopened",
  "export.created",
];

export type EventHandler = (event: ProjectEvent) => void;

interface Shared {
  feed: Feed;
  handlers: Set<EventHandler>;
}

const shared = new Map<string, Shared>();

/** Follows the project's events while mounted. All users in all tabs of this browser share one connection. */
export function useProjectEvents(projectId: string | undefined, handler: EventHandler): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (projectId === undefined) return;
    return follow(projectId, (event) => latest.current(event));
  }, [projectId]);
}

/** Calls `handler` for every new event of the project until the answered function is called. */
export function follow(projectId: string, handler: EventHandler): () => void {
  const { feed, handlers } = shared.get(projectId) ?? start(projectId);
  handlers.add(handler);
  return () => {
    handlers.delete(handler);
    if (handlers.size > 0) return;
    shared.delete(projectId);
    feed.close();
  };
}

function start(projectId: string): Shared {
  const handlers = new Set<EventHandler>();
  const feed = openFeed({
    name: `maskwright-events:${projectId}`,
    kinds: EVENT_KINDS,
    urlAfter: (seq) => withQuery(`${API}/projects/${projectId}/events`, { after: seq }),
    onEvent: (event) => {
      for (const handler of [...handlers]) handler(event);
    },
  });
  const entry = { feed, handlers };
  shared.set(projectId, entry);
  return entry;
}
