import { useEffect, useRef } from "react";

/** Tells once the browser has painted what this names; of an object its version is a part of that. */
export function useSeen(what: string, drawable: boolean, onSeen: () => void): void {
  const newest = useRef(onSeen);
  useEffect(() => {
    newest.current = onSeen;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: something else has to be seen too
  useEffect(() => {
    if (!drawable) return;
    // The first frame draws it, the second one begins when it is shown.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => newest.current());
    });
    return () => cancelAnimationFrame(frame);
  }, [what, drawable]);
}
