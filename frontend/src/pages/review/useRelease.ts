import { useEffect, useRef } from "react";
import { releaseClaims } from "../../server/review";
import type { Outgoing } from "./outgoing";

/** Releases the claims of this page as soon as it is left, by a link or by closing it. */
export function useRelease(projectId: string, outgoing: Outgoing): void {
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(leaving.current);
    // A lease that cannot be ended now runs out by itself.
    const close = () => void releaseClaims(projectId, true).catch(() => undefined);
    window.addEventListener("pagehide", close);
    return () => {
      window.removeEventListener("pagehide", close);
      // Behind what was claimed and judged before the page was left. Not where React only mounts it anew.
      leaving.current = setTimeout(
        () => void outgoing.send(() => releaseClaims(projectId)).catch(() => undefined),
      );
    };
  }, [projectId, outgoing]);
}
