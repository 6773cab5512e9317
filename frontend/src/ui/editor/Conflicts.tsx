import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { type Choice, current } from "../../editor/conflicts";
import type { Editor } from "../../editor/Editor";
import type { Photo } from "../../render/TiledPhoto";
import type { Conflict } from "../../sync/rebase";
import { Compare } from "../compare/Compare";
import styles from "./conflicts.module.css";
import editorStyles from "./editor.module.css";
import { useEditor } from "./useEditor";
import { MINE, THEIRS } from "./versions";
import { whoDidWhat } from "./words";

interface ConflictsProps {
  editor: Editor;
  conflicts: readonly Conflict[];
  photo: Photo | null;
  /** Who deleted an object that is not there any more, where that is known. */
  deleters: ReadonlyMap<string, string>;
  onChoose: (conflict: Conflict, choice: Choice) => void;
}

/** Objects that somebody else changed as well, one after another: both versions, and the choice between them. */
export function Conflicts({ editor, conflicts, photo, deleters, onChoose }: ConflictsProps) {
  const [wanted, setWanted] = useState(0);
  const [folded, setFolded] = useState(false);
  const image = useEditor(editor, ({ history }) => history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const at = Math.min(wanted, conflicts.length - 1);
  const conflict = conflicts[at];
  if (!conflict) return null;
  const versions = current(conflict, image);
  return (
    <section className={styles.conflict} aria-label="Somebody else changed the same">
      <header className={styles.head}>
        <p role="status">
          <b>{whoDidWhat(versions, deleters.get(conflict.id))}</b> Choose what stays; the other is not lost.
        </p>
        {conflicts.length > 1 && <Pager at={at} of={conflicts.length} go={setWanted} />}
        <Action name={folded ? "Compare" : "Fold"} onClick={() => setFolded(!folded)} />
      </header>
      {!folded && (
        <>
          <Compare
            before={{ name: "Mine", annotation: versions.mine, colour: MINE, only: "only mine" }}
            after={{ name: "Theirs", annotation: versions.theirs, colour: THEIRS, only: "only theirs" }}
            {...{ photo, classes }}
          />
          <footer className={styles.actions}>
            <Action name="Show" onClick={() => editor.zoomTo(conflict.id)} disabled={!versions.mine} />
            <span className={styles.gap} />
            <Action
              name={versions.mine ? "Keep mine" : "Delete it all the same"}
              onClick={() => onChoose(conflict, "mine")}
            />
            <Action
              name={versions.theirs ? "Take theirs" : "Let it go"}
              onClick={() => onChoose(conflict, "theirs")}
            />
            {versions.mine && versions.theirs && versions.mine.kind !== "tag" && (
              <Action name="Keep both" onClick={() => onChoose(conflict, "both")} />
            )}
          </footer>
        </>
      )}
    </section>
  );
}

interface ActionProps {
  name: string;
  onClick: () => void;
  disabled?: boolean;
}

/** The next conflict comes up under the same button: a double click, or a key that is held, means only the first. */
const Action = ({ name, onClick, disabled = false }: ActionProps) => (
  <button
    type="button"
    className={editorStyles.button}
    onClick={({ detail }) => detail <= 1 && onClick()}
    onKeyDown={(event) => event.repeat && event.preventDefault()}
    disabled={disabled}
  >
    {name}
  </button>
);

const Pager = ({ at, of, go }: { at: number; of: number; go: (to: number) => void }) => (
  <span className={styles.pager}>
    <button
      type="button"
      className={editorStyles.button}
      aria-label="The conflict before"
      disabled={at === 0}
      onClick={() => go(at - 1)}
    >
      <IconChevronLeft size={14} aria-hidden="true" />
    </button>
    {at + 1} of {of}
    <button
      type="button"
      className={editorStyles.button}
      aria-label="The next conflict"
      disabled={at === of - 1}
      onClick={() => go(at + 1)}
    >
      <IconChevronRight size={14} aria-hidden="true" />
    </button>
  </span>
);
