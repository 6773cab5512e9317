import { EMPTY_MASK, type Mask } from "../../geometry/mask";
import type { Annotation } from "../../model/annotation";
import { areaOf } from "../../model/compare";
import type { HistoryEntry } from "../../server/types";

const areas = new WeakMap<HistoryEntry, Mask>();

/** The pixels of a version, found out once; none where the entry is no version. */
export function pixelsOfEntry(entry: HistoryEntry | undefined): Mask {
  if (!entry?.annotation) return EMPTY_MASK;
  const known = areas.get(entry);
  if (known) return known;
  const area = areaOf(entry.annotation as unknown as Annotation);
  areas.set(entry, area);
  return area;
}

/** What the newest version shows: nothing, once the object is deleted. */
export const pixelsNow = (newest: HistoryEntry | undefined): Mask =>
  newest?.kind === "deleted" ? EMPTY_MASK : pixelsOfEntry(newest);
