import type { SaveState } from "../../sync/outbox";

/** "MobileSAM" for mobile_sam; other names as they are. */
export const modelName = (model: string): string => (model === "mobile_sam" ? "MobileSAM" : model);

export const score = (value: number): string => value.toFixed(2);

/** The tone of a score: certain, worth a look, doubtful. */
export function scoreTone(value: number): "ok" | "warn" | "bad" {
  if (value >= 0.85) return "ok";
  return value >= 0.6 ? "warn" : "bad";
}

export function saveSentence(state: SaveState): string {
  switch (state.kind) {
    case "saved":
      return "Saved";
    case "saving":
      return "Saving…";
    case "unsaved":
      return state.login ? "Not saved: log in again" : `Not saved: ${state.reason}`;
    case "conflict":
      return `Not saved: ${state.conflicts.length === 1 ? "one mask was" : "some masks were"} changed by others`;
  }
}

/** What each reading of a click is, by how much of the largest it covers; empty where they are alike. */
export function readingNames(areas: readonly number[]): string[] {
  const largest = Math.max(...areas);
  const steps = [...areas]
    .sort((a, b) => b - a)
    .filter((area, i, all) => i === 0 || area < 0.9 * (all[i - 1] ?? 0));
  if (steps.length < 2) return areas.map(() => "");
  const names = ["whole", "part", "subpart"];
  return areas.map((area) => {
    const step = area >= 0.9 * largest ? 0 : steps.findIndex((other) => area >= 0.9 * other);
    return names[step] ?? "";
  });
}
