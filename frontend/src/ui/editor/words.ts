import type { Versions } from "../../model/compare";
import type { SaveState } from "../../sync/outboxState";

const MODELS: Record<string, string> = {
  mobile_sam: "MobileSAM",
  vit_b: "SAM ViT-B",
  vit_l: "SAM ViT-L",
  vit_h: "SAM ViT-H",
};

/** "mobile_sam@22455dfe" → "MobileSAM": people tell models by name, the weights' hash is for the record. */
export function modelName(model: string): string {
  const name = model.split("@")[0] ?? model;
  return MODELS[name] ?? name;
}

export const score = (value: number): string => value.toFixed(2);

/** The tone of a score: certain, worth a look, doubtful. */
export function scoreTone(value: number): "ok" | "warn" | "bad" {
  if (value >= 0.85) return "ok";
  return value >= 0.6 ? "warn" : "bad";
}

/** The save state in a word or two. */
export function saveWord(state: SaveState): string {
  if (state.kind === "unsaved")
    return `${state.cure === "wait" ? "Offline" : "Not saved"}: ${state.waiting} waiting`;
  return { saved: "Saved", saving: "Saving…", conflict: "Not saved" }[state.kind];
}

const KEPT = "Your edits are kept in this browser";
const CURES = {
  wait: `${KEPT} and sent again by themselves.`,
  login: `${KEPT}; log in to save them.`,
  edit: `${KEPT} as a draft: change what was refused, download it, or discard it.`,
};

const NOT_KEPT = "This browser keeps nothing: do not close the page before all is saved.";

/** Why something is not saved and what becomes of it. */
export const unsavedSentence = (
  { reason, cure }: Extract<SaveState, { kind: "unsaved" }>,
  kept: boolean,
): string => `${reason} ${kept ? CURES[cure] : NOT_KEPT}`;

const what = (annotation: Versions["mine"]) => (annotation?.kind === "mask" ? "mask" : "object");

/** "Bo changed this mask while you edited it." */
export function whoDidWhat({ mine, theirs }: Versions, deleter = "Somebody"): string {
  const who = theirs ? (theirs.updated_by?.name ?? "Somebody") : deleter;
  const meanwhile = mine ? "while you edited it" : "while you deleted it";
  return `${who} ${theirs ? "changed" : "deleted"} this ${what(theirs ?? mine)} ${meanwhile}.`;
}
