import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";
import { takeBackSubmission } from "../../server/assignments";
import { keys } from "../../server/keys";
import type { ImageInfo, Submitted } from "../../server/types";
import { toastActions, toastProblem } from "../../ui/bits/toast";

/** A submission that can be taken back as long as its toast is shown. */
interface Latest {
  readonly toast: string;
  readonly takeBack: () => void;
}

let latest: Latest | null = null;
const listeners = new Set<() => void>();

function setLatest(next: Latest | null): void {
  latest = next;
  for (const listener of [...listeners]) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Takes the latest submission back; undefined once its toast is gone. */
export const useTakeBack = (): (() => void) | undefined =>
  useSyncExternalStore(subscribe, () => latest?.takeBack);

/** Says that an image was submitted, and offers to take that back. */
export function useSayingSubmitted(): (image: ImageInfo, submitted: Submitted, keyCap: string) => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    (image, { id, submission }, keyCap) => {
      if (!submission) return;
      const takeBack = async () => {
        notifications.hide(toast);
        try {
          await takeBackSubmission(id, submission);
        } catch (error) {
          return toastProblem(error);
        }
        await client.invalidateQueries({ queryKey: keys.myAssignments });
        void client.invalidateQueries({ queryKey: keys.image(image.id) });
        void client.invalidateQueries({ queryKey: keys.project(image.project) });
        return navigate(`/images/${image.id}?from=mine`);
      };
      // Of two submissions the later one is what a key takes back.
      if (latest) notifications.hide(latest.toast);
      const toast = toastActions(
        `${image.name} was submitted.`,
        [{ label: "Undo", keyCap, run: () => void takeBack() }],
        () => latest?.toast === toast && setLatest(null),
      );
      setLatest({ toast, takeBack: () => void takeBack() });
    },
    [client, navigate],
  );
}
