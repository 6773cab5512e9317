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
  "member.waiting",
  "member.changed",
  "member.removed",
  "image.created",
  "image.deleted",
  "job.changed",
  "jobs.reordered",
  "annotation.created",
  "annotation.changed",
  "annotation.deleted",
  "annotation.disputed",
  "annotation.restored",
  "annotation.reordered",
  "annotation.state",
  "annotations.submitted",
  "annotations.taken_back",
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

/** Called when missed events will not come again. Fetch everything on display anew. */
export type ResetHandler = () => void;

interface Follower {
  readonly onEvent: EventHandler;
  readonly onReset: ResetHandler;
}

interface Shared {
  feed: Feed;
  followers: Set<Follower>;
}

const shared = new Map<string, Shared>();

/** Follows the project's events while mounted. All users in all tabs of this browser share one connection. */
export function useProjectEvents(
  projectId: string | undefined,
  onEvent: EventHandler,
  onReset: ResetHandler,
): void {
  const latest = useRef<Follower>({ onEvent, onReset });
  useEffect(() => {
    latest.current = { onEvent, onReset };
  });
  useEffect(() => {
    if (projectId === undefined) return;
    return follow(projectId, {
      onEvent: (event) => latest.current.onEvent(event),
      onReset: () => latest.current.onReset(),
    });
  }, [projectId]);
}

/** Tells `follower` of every new event of the project until the returned function is called. */
export function follow(projectId: string, follower: Follower): () => void {
  const { feed, followers } = shared.get(projectId) ?? start(projectId);
  followers.add(follower);
  return () => {
    followers.delete(follower);
    if (followers.size > 0) return;
    shared.delete(projectId);
    feed.close();
  };
}

function start(projectId: string): Shared {
  const followers = new Set<Follower>();
  const feed = openFeed({
    name: `maskwright-events:${projectId}`,
    kinds: EVENT_KINDS,
    urlAfter: (id) => withQuery(`${API}/projects/${projectId}/events`, { after: id }),
    onEvent: (event) => {
      for (const follower of [...followers]) follower.onEvent(event);
    },
    onReset: () => {
      for (const follower of [...followers]) follower.onReset();
    },
  });
  const entry = { feed, followers };
  shared.set(projectId, entry);
  return entry;
}
