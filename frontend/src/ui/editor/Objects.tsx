import { Tooltip } from "@mantine/core";
import { IconEye, IconEyeOff, IconLock, IconLockOpen, IconTrash } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Editor } from "../../editor/Editor";
import type { Annotation, Review } from "../../model/annotation";
import { missingOf } from "../../model/attributes";
import { groupByClass } from "../../model/lookup";
import styles from "./editor.module.css";
import { objectColour } from "./look";
import { useEditor } from "./useEditor";
import { score, scoreTone } from "./words";

/** The objects of the image by class. */
export function Objects({ editor }: { editor: Editor }) {
  const image = useEditor(editor, (snapshot) => snapshot.history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const byObject = useEditor(editor, ({ look }) => look.colourBy === "object");
  const groups = useMemo(() => groupByClass(image, classes), [image, classes]);
  if (groups.length === 0) return <NoObjects editor={editor} />;
  return (
    <div className={styles.objects}>
      {groups.map(({ labelClass, members }) => (
        <section key={labelClass.id} aria-label={labelClass.name}>
          <h2>{labelClass.name}</h2>
          <ul>
            {members.map(({ annotation, name }) => (
              <ObjectRow
                key={annotation.id}
                editor={editor}
                annotation={annotation}
                name={name}
                colour={byObject ? objectColour(annotation.id) : labelClass.colour}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function NoObjects({ editor }: { editor: Editor }) {
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  return (
    <p className={styles.noObjects}>
      Nothing is labeled here yet.
      {!readOnly && " Click on an object, then press Enter to keep the mask."}
    </p>
  );
}

interface ObjectRowProps {
  editor: Editor;
  annotation: Annotation;
  name: string;
  colour: string;
}

function ObjectRow({ editor, annotation, name, colour }: ObjectRowProps) {
  const { id } = annotation;
  const selected = useEditor(editor, (snapshot) => snapshot.selected.includes(id));
  const alone = useEditor(editor, (snapshot) => snapshot.selected.length === 1) && selected;
  const locked = useEditor(editor, (snapshot) => snapshot.locked.has(id));
  const hidden = useEditor(editor, (snapshot) => snapshot.hidden.has(id));
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  const lacking = useEditor(editor, ({ classes }) => missingOf(annotation, classes).join(", "));
  return (
    <li className={styles.row} data-selected={selected || undefined} data-hidden={hidden || undefined}>
      <button
        type="button"
        className={styles.rowMain}
        aria-pressed={selected}
        onClick={(event) => {
          if (event.shiftKey || event.ctrlKey || event.metaKey) editor.toggleSelected(id);
          else editor.select(...(alone ? [] : [id]));
        }}
        onDoubleClick={() => editor.zoomTo(id)}
      >
        <i className={styles.dot} style={{ background: colour }} />
        <span className={styles.rowName}>{name}</span>
        {annotation.state === "rejected" && annotation.review && <Rejected review={annotation.review} />}
        {lacking && <span className={styles.rejected}>needs {lacking}</span>}
        {locked && <span className={styles.muted}>locked</span>}
        {hidden && <span className={styles.muted}>hidden</span>}
        <Certainty annotation={annotation} />
      </button>
      <span className={styles.rowActions}>
        <button
          type="button"
          aria-label={`${hidden ? "Show" : "Hide"} ${name}`}
          aria-pressed={hidden}
          onClick={() => editor.toggleHidden(id)}
        >
          {hidden ? <IconEyeOff size={15} /> : <IconEye size={15} />}
        </button>
        {!readOnly && (
          <button
            type="button"
            aria-label={`${locked ? "Unlock" : "Lock"} ${name}`}
            aria-pressed={locked}
            onClick={() => editor.toggleLocked(id)}
          >
            {locked ? <IconLock size={15} /> : <IconLockOpen size={15} />}
          </button>
        )}
        {!readOnly && (
          <button type="button" aria-label={`Delete ${name}`} onClick={() => editor.remove(id)}>
            <IconTrash size={15} />
          </button>
        )}
      </span>
    </li>
  );
}

/** Why a reviewer sent it back. */
function Rejected({ review }: { review: Review }) {
  const comment = review.comment ? `: “${review.comment}”` : "";
  return (
    <Tooltip label={`${review.by?.name} sent this back${comment}`} multiline maw={280}>
      <span className={styles.rejected}>↩ {(review.reason || "sent back").toLowerCase()}</span>
    </Tooltip>
  );
}

function Certainty({ annotation }: { annotation: Annotation }) {
  if (annotation.predicted_iou === null) return <span className={styles.certainty}>drawn</span>;
  const { confidence } = annotation;
  return (
    <span className={styles.certainty} title={`Confidence ${score(confidence)}`}>
      <span className={styles.bar} data-tone={scoreTone(confidence)} aria-hidden="true">
        <i style={{ width: `${confidence * 100}%` }} />
      </span>
      {score(confidence)}
    </span>
  );
}
