import { Problem } from "../../../server/problem";
import type { Annotation, ReviewItem } from "../../../server/types";
import { comingBack, dropped, type Walk } from "./walk";

/** What becomes of a mask whose verdict was not taken: it comes back as it is now, if it still waits for this person. */
export function refused(walk: Walk, item: ReviewItem, error: unknown): Walk {
  if (!(error instanceof Problem) || ![404, 409, 412].includes(error.status)) return comingBack(walk, item);
  const now = error.body["current"] as (Annotation & { deleted_at?: string | null }) | undefined;
  if (!now || now.deleted_at || now.state !== "submitted") return dropped(walk, item.id);
  return comingBack(walk, { ...item, ...now });
}
