import type { Annotation } from "../../model/annotation";
import type { SaveState } from "../../sync/outboxState";
import type { Conflict } from "../../sync/rebase";
import { Banner } from "./Banner";
import styles from "./editor.module.css";
import { unsavedSentence } from "./words";

interface UnsavedProps {
  state: SaveState;
  onRetry: () => void;
}

/** Why something is not saved, for as long as it is not. */
export function Unsaved({ state, onRetry }: UnsavedProps) {
  if (state.kind !== "unsaved") return null;
  const retry = (
    <button type="button" className={styles.button} onClick={onRetry}>
      Try now
    </button>
  );
  return (
    <Banner tone="warn" actions={retry}>
      <b>Not saved.</b> {unsavedSentence(state)}
    </Banner>
  );
}

interface ConflictsProps {
  conflicts: readonly Conflict[];
  onResolve: (id: string, choice: "mine" | "theirs") => void;
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
          <button type="button" className={styles.button} onClick={() => onResolve(conflict.id, "mine")}>
            Keep mine
          </button>
          <button type="button" className={styles.button} onClick={() => onResolve(conflict.id, "theirs")}>
            Take theirs
          </button>
        </>
      }
    >
      {sentenceFor(conflict)}
    </Banner>
  ));
