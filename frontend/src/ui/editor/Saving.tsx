import type { SaveState } from "../../sync/outboxState";
import { Banner } from "./Banner";
import styles from "./editor.module.css";
import { unsavedSentence } from "./words";

interface UnsavedProps {
  state: SaveState;
  /** Whether the browser keeps them until they are saved. */
  kept: boolean;
  onRetry: () => void;
  /** Hands the unsaved edits over as a file. */
  onDownload: () => void;
  /** Gives them up for what the server has. */
  onDiscard: () => void;
}

/** Why something is not saved, for as long as it is not. */
export function Unsaved({ state, kept, onRetry, onDownload, onDiscard }: UnsavedProps) {
  if (state.kind !== "unsaved") return null;
  const refused = state.cure === "edit";
  return (
    <Banner
      tone="warn"
      actions={
        <>
          <Action name="Try now" onClick={onRetry} />
          {(refused || !kept) && <Action name="Download" onClick={onDownload} />}
          {refused && <Action name="Discard" onClick={onDiscard} />}
        </>
      }
    >
      <b>{refused ? "This is a draft." : "Not saved."}</b> {unsavedSentence(state, kept)}
    </Banner>
  );
}

/** The browser refuses to keep anything (private mode, full disk): only the page and the server have it then. */
export const KeepsNothing = ({ onKnown }: { onKnown: () => void }) => (
  <Banner tone="bad" actions={<Action name="Understood" onClick={onKnown} />}>
    <b>This browser keeps nothing:</b> do not close the page before all is saved.
  </Banner>
);

const Action = ({ name, onClick }: { name: string; onClick: () => void }) => (
  <button type="button" className={styles.button} onClick={onClick}>
    {name}
  </button>
);
