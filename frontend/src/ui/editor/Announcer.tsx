import { useState } from "react";
import type { Editor } from "../../editor/Editor";
import type { Snapshot } from "../../editor/snapshot";
import { stepBetween } from "../../model/history";
import { type Proposal, sureness } from "../../model/proposal";
import type { SaveState } from "../../sync/outboxState";
import { shownProposals } from "../../tools/proposals";
import { latest } from "../../tools/segmentState";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";
import { saveWord, score } from "./words";

function candidatesText({ segment, tool, proposing, proposals, history }: Snapshot): string {
  if (tool === "proposals")
    return proposalText(proposing, shownProposals(proposing.filter, { proposals, image: history.present }));
  const step = latest(segment);
  const candidates = step?.prediction?.candidates ?? [];
  const chosen = step && candidates[step.chosen];
  if (!step || !chosen) return "";
  return `Candidate ${step.chosen + 1} of ${candidates.length}, score ${score(chosen.score)}`;
}

/** The one that Enter would accept. */
function proposalText({ lit }: Snapshot["proposing"], all: readonly Proposal[]): string {
  return lit ? `Proposal ${all.indexOf(lit) + 1} of ${all.length}, score ${score(sureness(lit))}` : "";
}

/** What was undone or redone last, and how many changes there had been by then. */
function useStep(editor: Editor): { step: string; count: number } {
  const history = useEditor(editor, (snapshot) => snapshot.history);
  const [{ seen, step, count }, setLast] = useState({ seen: history, step: "", count: 0 });
  if (history !== seen) setLast({ seen: history, step: stepBetween(seen, history), count: count + 1 });
  return { step, count };
}

/** Says to screen readers what others see: the candidates, what undo did, and whether the work is saved. */
export function Announcer({ editor, saveState }: { editor: Editor; saveState: SaveState }) {
  const candidates = useEditor(editor, candidatesText);
  const { step, count } = useStep(editor);
  return (
    <div className={styles.hiddenText}>
      <span role="status">{candidates}</span>
      <span role="status">
        {/* Another element each time: the same words again would not be said again. */}
        <span key={count}>{step}</span>
      </span>
      <span role="status">{saveWord(saveState)}</span>
    </div>
  );
}
