import { type ComponentType, lazy } from "react";
import { buildOf, loadedBuild, restoreStyles } from "./build";
import { endTrouble, setTrouble } from "./trouble";

/** Milliseconds before each further try; the last goes on. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** After this many tries with a server that answers, the browser keeps an old failure in mind: only a reload helps. */
const MAX_TRIES_ONLINE = 3;

/**
 * A part of the app whose code is loaded when it is first shown. While that fails, what is on the screen stays, the
 * person is told (LoadTrouble.tsx), and it is tried again until it succeeds.
 */
export const lazyPart = <Props>(load: () => Promise<{ default: ComponentType<Props> }>) =>
  lazy(() => persistently(load));

export async function persistently<Part>(load: () => Promise<Part>): Promise<Part> {
  const path = window.location.pathname;
  let triesOnline = 0;
  for (let attempt = 0; ; attempt++) {
    try {
      if (attempt > 0) await restoreStyles();
      const part = await load();
      endTrouble(path);
      return part;
    } catch {
      const build = await buildOf("/");
      if (build !== null) triesOnline += 1;
      const isOld = build !== null && build !== loadedBuild();
      setTrouble({ path, kind: isOld || triesOnline >= MAX_TRIES_ONLINE ? "old" : "away", build });
      await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0);
    }
  }
}

/** Ends early when the browser finds a network again. */
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
  });
