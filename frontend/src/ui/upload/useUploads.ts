import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { whenNotBusy } from "../../server/busy";
import { keys } from "../../server/keys";
import { uploadImage } from "../../server/upload";
import { isOver, type Send, type Upload, UploadQueue } from "./queue";

const UPLOAD_TRIES = 360;

const queues = new Map<string, UploadQueue>();

/** The uploads into a project; the same queue wherever it is asked for. */
export function useUploads(projectId: string): { queue: UploadQueue; uploads: readonly Upload[] } {
  const client = useQueryClient();
  const queue = useMemo(
    () =>
      queueOf(projectId, () => {
        void client.invalidateQueries({ queryKey: keys.project(projectId) });
      }),
    [client, projectId],
  );
  const uploads = useSyncExternalStore(queue.subscribe, queue.snapshot);
  useLeaveWarning(uploads.some((upload) => !isOver(upload)));
  return { queue, uploads };
}

function queueOf(projectId: string, onArrived: () => void): UploadQueue {
  const known = queues.get(projectId);
  if (known) return known;
  // While others upload too, a file is sent again until its turn comes, for about half an hour.
  const send: Send = (request) => whenNotBusy(() => uploadImage({ projectId, ...request }), UPLOAD_TRIES);
  const queue = new UploadQueue(send, calm(onArrived));
  queues.set(projectId, queue);
  return queue;
}

/** At most one call every second, the last one never lost: many small files arrive at once. */
function calm(call: () => void): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      call();
    }, 1_000);
  };
}

/** The browser asks before a tab with running uploads closes. */
function useLeaveWarning(busy: boolean): void {
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);
}
