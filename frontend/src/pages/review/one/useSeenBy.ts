import { useCallback } from "react";
import { useReviewContext } from "../context";
import type { Sitting } from "./Sitting";

/** What is on the screen now can be judged, and from now on it takes time. */
export function useSeenBy(sitting: Sitting): (id: string) => void {
  const { begin } = useReviewContext().pace;
  return useCallback(
    (id: string) => {
      sitting.seen(id);
      begin();
    },
    [sitting, begin],
  );
}
