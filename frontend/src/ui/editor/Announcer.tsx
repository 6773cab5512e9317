import type { Editor } from "../../editor/Editor";
import type { Snapshot } from "../../editor/snapshot";
import type { SaveState } from "../../sync/outbox";
import { latest } from "../../tools/segment";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";
import { saveWord, score } from "./words";

function candidatesText({ segment }: Snapshot): string {
  const step = latest(segment);
  const candidates = step?.prediction?.candidates ?? [];
  const chosen = step && candidates[step.chosen];
  if (!step || !chosen) return "";
  return `Candidate ${step.chosen + 1} of ${candidates.length}, score ${score(chosen.score)}`;
}

/** Says to screen readers what others see: the candidates and whether the work is saved. */
export function Announcer({ editor, saveState }: { editor: Editor; saveState: SaveState }) {
  const candidates = useEditor(editor, candidatesText);
  return (
    <div className={styles.hiddenText}>
      <span role="status">{candidates}</span>
      <span role="status">{saveWord(saveState)}</span>
    </div>
  );
}
