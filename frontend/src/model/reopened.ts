import { sameContent } from "./diff";
import type { Entry } from "./history";

/** The way in which an edit reopened an accepted annotation, so that the image goes back to review; null if it did not. */
export function reopenedBy(entry: Entry | undefined): "changed" | "deleted" | null {
  for (const [id, before] of entry?.before ?? []) {
    if (before?.state !== "accepted") continue;
    const after = entry?.after.get(id);
    if (!after) return "deleted";
    // Its place in the stack decides nothing.
    if (!sameContent({ ...before, z: after.z }, after)) return "changed";
  }
  return null;
}
