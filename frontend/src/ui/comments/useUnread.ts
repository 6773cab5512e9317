import { useEffect, useState } from "react";
import type { Thread } from "../../server/types";
import { lastOfOthers } from "./places";

const keyOf = (imageId: string, me: string) => `maskwright:comments-read:${me}:${imageId}`;

/**
 * Which threads of an image have something new in them for this person, in this browser. They keep their mark while
 * they are on show, and lose it afterwards.
 */
export function useUnread(imageId: string, me: string, threads: readonly Thread[], shown: boolean) {
  const [since, setSince] = useState(() => recall(keyOf(imageId, me)));
  const latest = threads.reduce((last, thread) => max(last, lastOfOthers(thread, me)), "");
  useEffect(() => {
    if (!shown || latest === "") return;
    remember(keyOf(imageId, me), latest);
    return () => setSince((before) => max(before, latest));
  }, [imageId, me, latest, shown]);
  const fresh = threads.filter((thread) => lastOfOthers(thread, me) > since).map(({ id }) => id);
  return new Set(fresh);
}

const max = (a: string, b: string) => (a > b ? a : b);

function recall(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function remember(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing marks it again next time.
  }
}
