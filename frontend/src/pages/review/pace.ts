import { useCallback, useEffect, useMemo, useState } from "react";
import { Activity } from "../../editor/activity";

/** Whoever does nothing for this long is not looking at the mask any more. */
const IDLE_AFTER = 10_000;
const DEEDS = ["pointerdown", "pointermove", "wheel", "keydown"] as const;

/** How long verdicts take, of the time in which somebody is at work. */
export interface Pace {
  /** What a verdict of this sitting took on average; null before the first. */
  readonly seconds: number | null;
  /** Something new is shown to be judged. */
  readonly begin: () => void;
  /** So many verdicts were given since then; answers what each took. */
  readonly lap: (verdicts?: number) => number;
}

/** Measures the pace of a sitting, across the modes of the page. */
export function usePace(): Pace {
  const activity = useMemo(() => new Activity(IDLE_AFTER), []);
  const [given, setGiven] = useState({ verdicts: 0, seconds: 0 });
  useEffect(() => watchDeeds(activity), [activity]);
  const begin = useCallback(() => void activity.lap(performance.now()), [activity]);
  const lap = useCallback(
    (verdicts = 1) => {
      const seconds = activity.lap(performance.now());
      setGiven((before) => ({ verdicts: before.verdicts + verdicts, seconds: before.seconds + seconds }));
      return seconds / verdicts;
    },
    [activity],
  );
  return { seconds: given.verdicts > 0 ? given.seconds / given.verdicts : null, begin, lap };
}

function watchDeeds(activity: Activity): () => void {
  const left = new AbortController();
  const { signal } = left;
  const act = () => document.hidden || activity.act(performance.now());
  for (const deed of DEEDS) window.addEventListener(deed, act, { signal, passive: true, capture: true });
  const turned = () => (document.hidden ? activity.pause(performance.now()) : undefined);
  document.addEventListener("visibilitychange", turned, { signal });
  return () => left.abort();
}
