import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { at, del, get, patch, post } from "./client";
import { useCreation } from "./creation";
import { keys } from "./keys";
import { everyPage } from "./pages";
import type { CommentKind, CommentPlace, Talk, Thread } from "./types";

/** The threads of an image, the oldest first, also those that are resolved. */
export const listThreads = (imageId: string) =>
  everyPage<Thread>(at("/images/{image}/comments", imageId), { limit: 500 });

export const useThreads = (imageId: string) =>
  useQuery({ queryKey: keys.comments(imageId), queryFn: () => listThreads(imageId) });

/** Where something is open on the images that were given to me. */
export const useMyComments = () =>
  useQuery({ queryKey: keys.myComments, queryFn: () => get<Talk[]>("/me/comments") });

export interface NewThread extends CommentPlace {
  text: string;
  kind?: CommentKind;
}

export interface CommentActions {
  /** `missing`, a reviewer's, needs a place and sends the image back to its annotator. */
  begin: (thread: NewThread) => Promise<Thread>;
  reply: (thread: string, text: string) => Promise<Thread>;
  edit: (comment: string, text: string) => Promise<Thread>;
  /** Takes a thread (409 `answered` once somebody has answered) or an answer back. */
  remove: (comment: string) => Promise<void>;
  resolve: (thread: string, resolved: boolean) => Promise<Thread>;
}

/** What can be done with comments on an image; each raises `Problem`, and what is shown follows. */
export function useCommentActions(imageId: string): CommentActions {
  const client = useQueryClient();
  const queryKey = keys.comments(imageId);
  const show = (thread: Thread) =>
    client.setQueryData<Thread[]>(queryKey, (threads) => threads && withThread(threads, thread));
  const path = at("/images/{image}/comments", imageId);
  // The comment's own id is the operation's.
  const write = (body: object, opId: string) => post<Thread>(path, { id: opId, ...body }, { opId });
  const begin = useCreation({
    create: (thread: NewThread, opId) => write(thread, opId),
    onCreated: show,
    slotOf: () => imageId,
  });
  const reply = useCreation({
    create: (answer: { thread: string; text: string }, opId) => write(answer, opId),
    onCreated: show,
    slotOf: ({ thread }) => thread,
  });
  const edit = useMutation({
    mutationFn: ({ id, text }: { id: string; text: string }) =>
      patch<Thread>(at("/comments/{comment}", id), { text }),
    onSuccess: show,
  });
  const remove = useMutation({
    mutationFn: (id: string) => del(at("/comments/{comment}", id)),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  });
  const resolve = useMutation({
    mutationFn: ({ id, resolved }: { id: string; resolved: boolean }) =>
      post<Thread>(at("/comments/{comment}/resolve", id), { resolved }),
    onSuccess: show,
  });
  return {
    begin: begin.mutateAsync,
    reply: (thread, text) => reply.mutateAsync({ thread, text }),
    edit: (id, text) => edit.mutateAsync({ id, text }),
    remove: remove.mutateAsync,
    resolve: (id, resolved) => resolve.mutateAsync({ id, resolved }),
  };
}

export const withThread = (threads: readonly Thread[], thread: Thread): Thread[] =>
  threads.some(({ id }) => id === thread.id)
    ? threads.map((each) => (each.id === thread.id ? thread : each))
    : [...threads, thread];
