import { Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconEye,
  IconEyeOff,
  IconLock,
  IconLockOpen,
  IconTrash,
} from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import type { Editor } from "../../editor/Editor";
import type { Annotation, LabelClass, Review } from "../../model/annotation";
import { missingOf } from "../../model/attributes";
import type { LabeledImage } from "../../model/labeledImage";
import { groupByClass } from "../../model/lookup";
import type { ImageFindings } from "../checks/ImageFindings";
import { useFound } from "../checks/useImageFindings";
import { unknownWords } from "../confidence/Confidence";
import { doubtsInWords } from "../confidence/Doubts";
import styles from "./editor.module.css";
import { objectColour } from "./look";
import { useEditor } from "./useEditor";
import { useFocusBack } from "./useFocusBack";
import { score, scoreTone } from "./words";

const HEADING = 36;
const ROW = 32;

/** A line of the list: the name of a class, or one of its objects. */
type Line =
  | { readonly labelClass: LabelClass }
  | { readonly annotation: Annotation; readonly name: string; readonly colour: string };

const linesOf = (image: LabeledImage, classes: readonly LabelClass[], byObject: boolean): Line[] =>
  groupByClass(image, classes).flatMap(({ labelClass, members }) => [
    { labelClass },
    ...members.map(({ annotation, name }) => ({
      annotation,
      name,
      colour: byObject ? objectColour(annotation.id) : labelClass.colour,
    })),
  ]);

interface ObjectsProps {
  editor: Editor;
  canvas: RefObject<HTMLElement | null>;
  findings: ImageFindings;
}

/** The objects of the image by class. There can be thousands, so only the lines in sight exist. */
export function Objects({ editor, canvas, findings }: ObjectsProps) {
  const image = useEditor(editor, (snapshot) => snapshot.history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const byObject = useEditor(editor, ({ look }) => look.colourBy === "object");
  const lines = useMemo(() => linesOf(image, classes, byObject), [image, classes, byObject]);
  const list = useRef<HTMLDivElement>(null);
  const visible = useLines(editor, lines, list);
  return (
    <div ref={list} className={styles.objects}>
      {lines.length === 0 && <NoObjects editor={editor} />}
      <ul style={{ height: visible.getTotalSize() }} aria-label="Objects by class">
        {visible.getVirtualItems().map(({ index, start, size, key }) => {
          const line = lines[index];
          return (
            line && (
              <li
                key={key}
                style={{ height: size, transform: `translateY(${start}px)` }}
                aria-setsize={lines.length}
                aria-posinset={index + 1}
              >
                {"labelClass" in line ? (
                  <h2>{line.labelClass.name}</h2>
                ) : (
                  <ObjectRow {...{ editor, canvas, findings }} {...line} />
                )}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

/** The lines in sight; what is selected alone on the canvas comes into sight. */
function useLines(editor: Editor, lines: readonly Line[], list: RefObject<HTMLDivElement | null>) {
  const visible = useVirtualizer({
    count: lines.length,
    getScrollElement: () => list.current,
    // New functions with every list, so that sizes and places are worked out anew.
    estimateSize: (index) => ("labelClass" in (lines[index] ?? {}) ? HEADING : ROW),
    getItemKey: (index) => keyOf(lines[index]),
    overscan: 8,
    initialRect: { width: 296, height: 600 },
  });
  const only = useEditor(editor, ({ selected }) => (selected.length === 1 ? selected[0] : undefined));
  const newest = useRef({ lines, visible });
  useEffect(() => {
    newest.current = { lines, visible };
  });
  useEffect(() => {
    const { lines, visible } = newest.current;
    const index = only === undefined ? -1 : lines.findIndex((line) => keyOf(line) === only);
    if (index >= 0) visible.scrollToIndex(index, { align: "auto" });
  }, [only]);
  return visible;
}

const keyOf = (line: Line | undefined): string =>
  line && "labelClass" in line ? line.labelClass.id : (line?.annotation.id ?? "");

function NoObjects({ editor }: { editor: Editor }) {
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  return (
    <p className={styles.noObjects}>
      Nothing is labeled here yet.
      {!readOnly && " Click on an object, then press Enter to keep the mask."}
    </p>
  );
}

interface ObjectRowProps extends ObjectsProps {
  annotation: Annotation;
  name: string;
  colour: string;
}

function ObjectRow({ editor, canvas, findings, annotation, name, colour }: ObjectRowProps) {
  const row = useRef<HTMLDivElement>(null);
  useFocusBack(row, canvas);
  const { id } = annotation;
  const selected = useEditor(editor, (snapshot) => snapshot.selected.includes(id));
  const alone = useEditor(editor, (snapshot) => snapshot.selected.length === 1) && selected;
  const locked = useEditor(editor, (snapshot) => snapshot.locked.has(id));
  const hidden = useEditor(editor, (snapshot) => snapshot.hidden.has(id));
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  const found = useFound(findings)
    .get(id)
    ?.map(({ sentence }) => sentence)
    .join(". ");
  const lacking = useEditor(editor, ({ classes }) => missingOf(annotation, classes).join(", "));
  return (
    <div
      ref={row}
      className={styles.row}
      data-selected={selected || undefined}
      data-hidden={hidden || undefined}
    >
      <button
        type="button"
        className={styles.rowMain}
        aria-pressed={selected}
        onClick={(event) => {
          if (event.shiftKey || event.ctrlKey || event.metaKey) editor.toggleSelected(id);
          else editor.select(...(alone ? [] : [id]));
        }}
        onDoubleClick={() => {
          // The second of its clicks has let go of it.
          editor.select(id);
          editor.zoomTo(id);
        }}
      >
        <i className={styles.dot} style={{ background: colour }} />
        <span className={styles.rowName}>{name}</span>
        {annotation.state === "rejected" && annotation.review && <Rejected review={annotation.review} />}
        <Standing annotation={annotation} />
        {lacking && <span className={styles.rejected}>needs {lacking}</span>}
        {locked && <span className={styles.muted}>locked</span>}
        {hidden && <span className={styles.muted}>hidden</span>}
        {found && (
          <span className={styles.mark} data-tip={found}>
            <IconAlertTriangle size={14} aria-hidden="true" />
          </span>
        )}
        <Certainty annotation={annotation} />
        {found && <span className={styles.hiddenText}>{found}</span>}
      </button>
      <RowActions {...{ editor, id, name, locked, hidden, readOnly }} />
    </div>
  );
}

/** Whether it is accepted or waits; a rejected one says why instead. */
function Standing({ annotation: { state, review } }: { annotation: Annotation }) {
  if (state !== "accepted" && state !== "submitted") return null;
  const words = state === "submitted" ? "waits for review" : acceptedBy(review);
  return (
    <span className={styles.standing} data-standing={state} role="img" aria-label={words} data-tip={words}>
      {state === "accepted" ? <IconCheck size={14} /> : <IconClock size={14} />}
    </span>
  );
}

const acceptedBy = (review: Review | null): string =>
  review?.verdict === "policy"
    ? "accepted by the project's policy"
    : `accepted by ${review?.by?.name ?? "a reviewer"}`;

interface RowActionsProps {
  editor: Editor;
  id: string;
  name: string;
  locked: boolean;
  hidden: boolean;
  readOnly: boolean;
}

const RowActions = ({ editor, id, name, locked, hidden, readOnly }: RowActionsProps) => (
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
);

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
  const { confidence } = annotation;
  if (confidence === null) return <span className={styles.certainty}>{unknownWords(annotation)}</span>;
  return (
    <span className={styles.certainty} title={`Confidence ${score(confidence)}${doubtsInWords(annotation)}`}>
      <span className={styles.bar} data-tone={scoreTone(confidence)} aria-hidden="true">
        <i style={{ width: `${confidence * 100}%` }} />
      </span>
      {score(confidence)}
    </span>
  );
}
