import { IconTag, IconTagFilled } from "@tabler/icons-react";
import { type RefObject, useMemo } from "react";
import { keyOfClass } from "../../editor/classKeys";
import type { CommandContext } from "../../editor/commands";
import type { Editor } from "../../editor/Editor";
import { toggleTag } from "../../editor/edits";
import { countByClass, objectsOf, tagOf } from "../../model/lookup";
import { EditorChecks } from "../checks/EditorChecks";
import type { ImageFindings } from "../checks/ImageFindings";
import { CommentsTab } from "../comments/CommentsTab";
import type { Comments } from "../comments/useComments";
import { Attributes } from "./Attributes";
import styles from "./editor.module.css";
import { keyCap } from "./icons";
import { Objects } from "./Objects";
import { Selection } from "./Selection";
import { useEditor } from "./useEditor";

interface SidePanelProps {
  context: CommandContext;
  attributes: RefObject<HTMLElement | null>;
  canvas: RefObject<HTMLElement | null>;
  comments: Comments;
  findings: ImageFindings;
}

/** What is beside the canvas: the objects and what can be done with them, or the comments. */
export function SidePanel({ context, attributes, canvas, comments, findings }: SidePanelProps) {
  const { editor } = context;
  const talking = useEditor(editor, ({ comment }) => comment.draft !== null) || comments.shown;
  return (
    <aside className={styles.side} aria-label={talking ? "Comments" : "Objects and classes"}>
      <Tabs editor={editor} comments={comments} talking={talking} />
      {talking ? (
        <CommentsTab {...{ editor, comments, canvas }} />
      ) : (
        <ObjectsTab {...{ context, attributes, canvas, findings }} />
      )}
    </aside>
  );
}

interface TabsProps {
  editor: Editor;
  comments: Comments;
  talking: boolean;
}

function Tabs({ editor, comments, talking }: TabsProps) {
  const count = useEditor(editor, (snapshot) => objectsOf(snapshot.history.present).length);
  const drafting = useEditor(editor, ({ comment }) => comment.draft !== null);
  const { openCount, unread, show, drafts, canWrite } = comments;
  const showObjects = () => {
    if (drafting) editor.endComment();
    show(false);
  };
  return (
    <div className={styles.tabs}>
      <button type="button" aria-pressed={!talking} onClick={showObjects}>
        Objects {count}
      </button>
      <button type="button" aria-pressed={talking} onClick={() => show(true)}>
        Comments {openCount}
        {unread.size > 0 && <b> · {unread.size} new</b>}
        {canWrite && drafts.slots().length > 0 && <b> · unfinished</b>}
      </button>
    </div>
  );
}

function ObjectsTab({ context, attributes, canvas, findings }: Omit<SidePanelProps, "comments">) {
  const { editor } = context;
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  return (
    <>
      <Objects {...{ editor, canvas, findings }} />
      <EditorChecks editor={editor} />
      {!readOnly && <Attributes editor={editor} panel={attributes} canvas={canvas} />}
      {!readOnly && <Selection context={context} canvas={canvas} />}
      <Classes editor={editor} />
    </>
  );
}

/** The classes with their keys; the marked one is what a new object becomes. With the tag tool the keys are tags. */
function Classes({ editor }: { editor: Editor }) {
  const image = useEditor(editor, (snapshot) => snapshot.history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const current = useEditor(editor, (snapshot) => snapshot.classId);
  const tagging = useEditor(editor, ({ tool }) => tool === "tag");
  const keymap = useEditor(editor, (snapshot) => snapshot.keymap);
  const counts = useMemo(() => countByClass(image), [image]);
  return (
    <section className={styles.classes} aria-label="Classes">
      <h2>{tagging ? "Tags of the image" : "Classes"}</h2>
      {classes.length === 0 && <p className={styles.noObjects}>A manager adds classes in the project.</p>}
      <ul>
        {classes.map(({ id, name, colour }, i) => (
          <li key={id} className={styles.row} data-selected={(id === current && !tagging) || undefined}>
            <button
              type="button"
              className={styles.rowMain}
              aria-pressed={tagging ? tagOf(image, id) !== undefined : id === current}
              onClick={() => editor.chooseClass(id)}
            >
              <ClassKey of={keyOfClass({ id }, i, keymap)} />
              <i className={styles.dot} style={{ background: colour }} />
              <span className={styles.rowName}>{name}</span>
              <span className={styles.certainty}>{counts.get(id) ?? 0}</span>
            </button>
            <TagToggle editor={editor} classId={id} name={name} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const ClassKey = ({ of }: { of: string | undefined }) =>
  of ? <kbd>{keyCap(of)}</kbd> : <span className={styles.noKey} />;

interface TagToggleProps {
  editor: Editor;
  classId: string;
  name: string;
}

/** Whether the whole image is of a class, where the project uses tags. */
function TagToggle({ editor, classId, name }: TagToggleProps) {
  const used = useEditor(editor, ({ rules }) => rules.kinds.includes("tag"));
  const readOnly = useEditor(editor, (snapshot) => snapshot.readOnly);
  const tagged = useEditor(editor, ({ history }) => tagOf(history.present, classId) !== undefined);
  if (!used || readOnly) return null;
  return (
    <button
      type="button"
      data-tip={`${tagged ? "Take away the tag" : "Tag the image"} ${name} (W and its key)`}
      className={styles.tag}
      aria-label={`Tag the image ${name}`}
      aria-pressed={tagged}
      onClick={() => toggleTag(editor, classId)}
    >
      {tagged ? <IconTagFilled size={15} /> : <IconTag size={15} />}
    </button>
  );
}
