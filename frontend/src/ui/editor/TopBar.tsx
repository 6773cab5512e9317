import { IconCheck, IconCloudOff, IconLoader2 } from "@tabler/icons-react";
import { Link } from "react-router";
import type { CommandContext } from "../../editor/commands";
import type { Snapshot } from "../../editor/snapshot";
import { workedOn } from "../../editor/toolbox";
import { nameOf } from "../../model/lookup";
import type { ImageFilter } from "../../server/images";
import type { ImageInfo } from "../../server/types";
import type { SaveState } from "../../sync/outboxState";
import { filterWords, searchOf } from "../imageFilter";
import { UnsentButton } from "../unsent/UnsentButton";
import { CommandButton } from "./CommandButton";
import styles from "./editor.module.css";
import { ImageStateChip } from "./ImageStateChip";
import { MoreMenu } from "./MoreMenu";
import { useEditor } from "./useEditor";
import { saveWord } from "./words";

/** Where an image stands among those one goes through: from 0, null where it is not one of them. */
interface Position {
  readonly index: number | null;
  readonly total: number;
}

export interface Place {
  readonly project: { readonly id: string; readonly name: string };
  readonly imageName: string;
  /** Null while it is not known. */
  readonly position: Position | null;
  /** The filter of the Images page inside which one goes through them. */
  readonly filter: ImageFilter | null;
  /** Why this person cannot submit the image, if so. */
  readonly noSubmit: string | null;
  readonly readOnly: boolean;
  readonly assignment: ImageInfo["assignment"];
  /** A reviewer sent something of the image back. */
  readonly cameBack: boolean;
}

interface TopBarProps {
  place: Place;
  saveState: SaveState;
  context: CommandContext;
}

export function TopBar({ place, saveState, context }: TopBarProps) {
  const { project, imageName, position, filter, noSubmit, readOnly, assignment, cameBack } = place;
  const grid = `/projects/${project.id}${filter ? searchOf(filter) : ""}`;
  return (
    <header className={styles.top}>
      <nav className={styles.crumbs} aria-label="Where you are">
        <Link to={grid}>{project.name}</Link>
        <span aria-hidden="true">›</span>
        <h1 title={imageName}>{imageName}</h1>
      </nav>
      <ImageStateChip editor={context.editor} {...{ assignment, cameBack }} />
      <div className={styles.pager}>
        <CommandButton id="previousImage" context={context} withKey />
        <span className={styles.position}>{position ? wordsOf(position, filter !== null) : "…"}</span>
        {filter && (
          <Link
            className={styles.filter}
            to={grid}
            title={`Only images that match the filter: ${filterWords(filter)}`}
          >
            {filterWords(filter)}
          </Link>
        )}
        <CommandButton id="nextImage" context={context} withKey />
      </div>
      <div className={styles.mode}>{readOnly ? <ReadOnly /> : <CurrentClass context={context} />}</div>
      {!readOnly && <SaveBadge state={saveState} />}
      <UnsentButton except={context.editor.image.id} short />
      {!readOnly && <CommandButton id="undo" context={context} />}
      {!readOnly && <CommandButton id="redo" context={context} />}
      <CommandButton id="fit" context={context}>
        Fit
      </CommandButton>
      <CommandButton id="look" context={context} />
      <CommandButton id="keys" context={context}>
        ?
      </CommandButton>
      <MoreMenu context={context} />
      {!readOnly && (
        <CommandButton
          id="submit"
          context={context}
          className={styles.primary}
          withKey
          because={noSubmit ?? undefined}
        >
          Submit
        </CommandButton>
      )}
    </header>
  );
}

const ReadOnly = () => (
  <span className={styles.readOnly}>View only: your role in this project does not label images</span>
);

const VERBS = {
  select: "",
  segment: "Refining",
  brush: "Painting",
  eraser: "Erasing from",
  box: "",
  polygon: "Changing",
  tag: "",
  proposals: "",
  comment: "",
};

/** The object that the tool in use changes, by its name. */
function changedName(snapshot: Snapshot): string | null {
  const annotation = workedOn(snapshot);
  return annotation && nameOf(snapshot.history.present, snapshot.classes, annotation.id);
}

/** What a new object will be: the one piece of mode that people must never have to guess. */
function CurrentClass({ context: { editor } }: { context: CommandContext }) {
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const classId = useEditor(editor, (snapshot) => snapshot.classId);
  const tool = useEditor(editor, (snapshot) => snapshot.tool);
  const current = classes.find(({ id }) => id === classId);
  const changed = useEditor(editor, changedName);
  if (changed)
    return (
      <span>
        {VERBS[tool]} <b>{changed}</b>
      </span>
    );
  if (tool === "tag") return <span>Tag the whole image</span>;
  if (tool === "comment") return <span>Comment on a place or an object</span>;
  if (tool === "select") return <span>Select and edit</span>;
  if (!current) return <span className={styles.warn}>This project has no classes yet</span>;
  return (
    <span>
      New objects: <i className={styles.dot} style={{ background: current.colour }} /> <b>{current.name}</b>
    </span>
  );
}

const FACES = { saved: IconCheck, saving: IconLoader2, unsaved: IconCloudOff, conflict: IconCloudOff };

function SaveBadge({ state }: { state: SaveState }) {
  const Icon = FACES[state.kind];
  return (
    <span className={styles.save} data-state={state.kind} data-testid="save-state">
      <Icon size={15} aria-hidden="true" />
      {saveWord(state)}
    </span>
  );
}

/** An image that was submitted is no longer among one's open ones, or in the filter. What is left says more then. */
const wordsOf = ({ index, total }: Position, filtered: boolean): string =>
  index === null ? `${total || "none"} ${filtered ? "left" : "still open"}` : `${index + 1} of ${total}`;
