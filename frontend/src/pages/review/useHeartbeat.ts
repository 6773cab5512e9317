import { useEffect } from "react";
import { renewClaims } from "../../server/review";

/** Well within the lease of a claim, also where a browser slows the timers of a hidden tab. */
const HEARTBEAT_MS = 60_000;

/** This tab goes on holding what it has claimed, for as long as the page shows it. */
export function useHeartbeat(projectId: string): void {
  useEffect(() => {
    // A lost heartbeat is no news: the next one follows, and a verdict says when it came too late.
    const beat = setInterval(() => void renewClaims(projectId).catch(() => undefined), HEARTBEAT_MS);
    return () => clearInterval(beat);
  }, [projectId]);
}
