import { useMemo, useState } from "react";
import { type CommentActions, useCommentActions, useThreads } from "../../server/comments";
import type { Permission, Person } from "../../server/types";
import { type Draft, type Drafts, draftsOf } from "./drafts";
import { isOpen, type Numbered, numbered } from "./places";
import { useUnread } from "./useUnread";

export interface Comments {
  readonly me: Person;
  /** All threads of the image; undefined until they have come. */
  readonly threads: readonly Numbered[] | undefined;
  readonly error: unknown;
  readonly retry: () => void;
  readonly openCount: number;
  readonly unread: ReadonlySet<string>;
  readonly actions: CommentActions;
  readonly canWrite: boolean;
  /** Whether this person may point at a missing object, which sends the image back. */
  readonly canMiss: boolean;
  /** The thread that is looked at. */
  readonly current: string | null;
  readonly open: (thread: string | null) => void;
  /** Whether the list of comments is on show. */
  readonly shown: boolean;
  readonly show: (shown: boolean) => void;
  /** What was begun and not sent. */
  readonly drafts: Drafts;
  /** A new thread among that, as far as it is on show elsewhere than where it is written. */
  readonly unfinished: Draft | null;
  readonly setUnfinished: (draft: Draft | null) => void;
}

interface CommentsInput {
  readonly imageId: string;
  readonly me: Person;
  readonly permissions: readonly Permission[];
  /** A thread to begin with, as a link names it. */
  readonly first?: string | null;
}

/** The comments on an image, which of them is looked at, and what this person can do with them. */
export function useComments({ imageId, me, permissions, first = null }: CommentsInput): Comments {
  const query = useThreads(imageId);
  const actions = useCommentActions(imageId);
  const [current, setCurrent] = useState(first);
  const [shown, setShown] = useState(first !== null);
  const threads = query.data ?? [];
  const unread = useUnread(imageId, me.id, threads, shown);
  const drafts = useMemo(() => draftsOf(me.id, imageId), [me.id, imageId]);
  const [unfinished, setUnfinished] = useUnfinished(drafts);
  const canWrite = permissions.includes("comment");
  const open = (thread: string | null) => {
    setCurrent(thread);
    if (thread !== null) setShown(true);
  };
  return {
    me,
    threads: query.data && numbered(query.data),
    error: query.error,
    retry: () => void query.refetch(),
    openCount: threads.filter(isOpen).length,
    unread,
    actions,
    canWrite,
    canMiss: permissions.includes("review"),
    current,
    open,
    shown,
    show: setShown,
    drafts,
    unfinished: canWrite ? unfinished : null,
    setUnfinished,
  };
}

/** A new thread outlives its image being left. What is typed changes nothing around it, so that renders nothing. */
function useUnfinished(drafts: Drafts): [Draft | null, (draft: Draft | null) => void] {
  const [unfinished, setUnfinished] = useState(() => drafts.read("new"));
  const write = (draft: Draft | null) => {
    drafts.write("new", draft);
    setUnfinished((before) => (isSamePlace(before, draft) ? before : draft));
  };
  return [unfinished, write];
}

const isSamePlace = (a: Draft | null, b: Draft | null): boolean =>
  a?.pin?.x === b?.pin?.x && a?.pin?.y === b?.pin?.y && a?.missing === b?.missing && !a === !b;
