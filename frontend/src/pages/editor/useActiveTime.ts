import { useEffect } from "react";
import { Activity } from "../../editor/activity";
import { addActiveTime } from "../../server/images";

const DEEDS = ["pointerdown", "pointermove", "wheel", "keydown"] as const;
const TOLD_EVERY = 60_000;
/** As much as the server believes at once. */
const MOST = 3600;

/** Measures how long somebody works on an image, and tells the server now and then, and when they leave. */
export function useActiveTime(imageId: string, measured: boolean): void {
  useEffect(() => {
    if (!measured) return;
    const activity = new Activity();
    const left = new AbortController();
    const { signal } = left;
    const tell = () => {
      const seconds = Math.min(activity.take(), MOST);
      if (seconds > 0) addActiveTime(imageId, seconds).catch(() => activity.giveBack(seconds));
    };
    const act = () => document.hidden || activity.act(performance.now());
    for (const deed of DEEDS) window.addEventListener(deed, act, { signal, passive: true, capture: true });
    const turned = () => {
      if (!document.hidden) return;
      activity.pause(performance.now());
      tell();
    };
    document.addEventListener("visibilitychange", turned, { signal });
    const timer = setInterval(tell, TOLD_EVERY);
    return () => {
      left.abort();
      clearInterval(timer);
      tell();
    };
  }, [imageId, measured]);
}
