import type { Annotation } from "../../model/annotation";
import type { SaveState } from "../../sync/outboxState";
import type { Conflict } from "../../sync/rebase";
import { Banner } from "./Banner";
import styles from "./editor.module.css";
import { unsavedSentence } from "./words";

interface UnsavedProps {
  state: SaveState;
  onRetry: () => void;
  /** Hands the unsaved edits over as a file. */
  onDownload: () => void;
  /** Gives them up for what the server has. */
  onDiscard: () => void;
}

/** Why something is not saved, for as long as it is not. */
export function Unsaved({ state, onRetry, onDownload, onDiscard }: UnsavedProps) {
  if (state.kind !== "unsaved") return null;
  const refused = state.cure === "edit";
  return (
    <Banner
      tone="warn"
      actions={
        <>
          <Action name="Try now" onClick={onRetry} />
          {refused && <Action name="Download" onClick={onDownload} />}
          {refused && <Action name="Discard" onClick={onDiscard} />}
        </>
      }
    >
      <b>{refused ? "This is a draft." : "Not saved."}</b> {unsavedSentence(state)}
    </Banner>
  );
}

const Action = ({ name, onClick }: { name: string; onClick: () => void }) => (
  <button type="button" className={styles.button} onClick={onClick}>
    {name}
  </button>
);

interface ConflictsProps {
  conflicts: readonly Conflict[];
  onResolve: (conflict: Conflict, choice: "mine" | "theirs") => void;
}

const what = (annotation: Annotation | null) => (annotation?.kind === "mask" ? "mask" : "object");

function sentenceFor({ mine, theirs }: Conflict): string {
  const who = theirs?.updated_by?.name ?? "Somebody";
  const did = theirs ? "changed" : "deleted";
  const meanwhile = mine ? "while you edited it" : "while you deleted it";
  return `${who} ${did} this ${what(theirs ?? mine)} ${meanwhile}.`;
}

/** Both of us changed the same object: say so, and let people decide. */
export const Conflicts = ({ conflicts, onResolve }: ConflictsProps) =>
  conflicts.map((conflict) => (
    <Banner
      key={conflict.id}
      tone="warn"
      actions={
        <>
          <Action name="Keep mine" onClick={() => onResolve(conflict, "mine")} />
          <Action name="Take theirs" onClick={() => onResolve(conflict, "theirs")} />
        </>
      }
    >
      {sentenceFor(conflict)}
    </Banner>
  ));
