import type { HistoryEntry } from "../../server/types";

const WORDS: Record<HistoryEntry["kind"], string> = {
  created: "Made",
  changed: "Changed",
  deleted: "Deleted",
  restored: "Restored",
  reordered: "Moved in the stack",
  submitted: "Submitted",
  taken_back: "Submission taken back",
  disputed: "Disputed: “I think it is right”",
  policy: "Accepted by the project's policy",
  verdict: "Judged",
  undone: "Verdict taken back",
  state: "State changed",
};

const VERDICTS = { accepted: "Accepted", fixed: "Fixed", rejected: "Rejected" } as const;

/** What happened, in a word or two: "Changed", "Rejected, taken back later". */
export function headingOf({ kind, verdict }: Pick<HistoryEntry, "kind" | "verdict">): string {
  if (!verdict) return WORDS[kind];
  return verdict.undone ? `${VERDICTS[verdict.verdict]}, taken back later` : VERDICTS[verdict.verdict];
}
