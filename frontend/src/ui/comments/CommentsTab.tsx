import { useEffect, useEffectEvent, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { nameOf } from "../../model/lookup";
import type { Pin } from "../../tools/comment";
import { useEditor } from "../editor/useEditor";
import { CommentList } from "./CommentList";
import { Composer } from "./Composer";
import styles from "./comments.module.css";
import type { Comments } from "./useComments";

const EMPTY = {
  write: "Nothing has been said here yet. Press C and click a place or an object to comment on it.",
  read: "Nothing has been said here yet.",
};

/** The comments beside the canvas: the one that is being written, then the threads. */
export function CommentsTab({ editor, comments }: { editor: Editor; comments: Comments }) {
  const image = useEditor(editor, ({ history }) => history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const pinned = useEditor(editor, ({ comment }) => comment.draft);
  // What was begun earlier goes on where it was, or where the pin is put now.
  const draft = pinned ?? comments.unfinished?.pin;
  const name = (id: string) => (image.annotations.has(id) ? nameOf(image, classes, id) : "A deleted object");
  return (
    <section className={styles.tab} aria-label="Comments">
      {draft && (
        <NewThread
          key={`${draft.x} ${draft.y}`}
          editor={editor}
          comments={comments}
          draft={draft}
          about={draft.annotation && name(draft.annotation)}
          begun={pinned === null}
        />
      )}
      <CommentList comments={comments} nameOf={name} empty={comments.canWrite ? EMPTY.write : EMPTY.read} />
    </section>
  );
}

interface NewThreadProps {
  editor: Editor;
  comments: Comments;
  draft: Pin;
  about: string | null;
  /** It was begun earlier: it waits to be gone on with. */
  begun: boolean;
}

function NewThread({ editor, comments, draft, about, begun }: NewThreadProps) {
  const { actions, canMiss, open, drafts, unfinished, setUnfinished } = comments;
  const [missing, setMissing] = useState(canMiss && unfinished?.missing === true);
  const keep = (text: string | null) =>
    setUnfinished(text === null ? null : { text, pin: draft, ...(missing && { missing }) });
  // The words stay with the pin wherever it is put, and whatever it is said to be.
  const moved = useEffectEvent(() => keep(drafts.read("new")?.text ?? null));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what they say is in the pin
  useEffect(() => moved(), [draft.x, draft.y, missing]);
  // Whoever goes on with it later has another tool in hand, which is none of its business.
  const end = () => begun || editor.endComment();
  const send = async (text: string) => {
    const { x, y } = draft;
    const pin = missing ? { x, y, kind: "missing" as const } : draft;
    const thread = await actions.begin({ ...pin, text });
    end();
    open(thread.id);
  };
  return (
    <div className={styles.thread} data-current>
      <p className={styles.about}>{missing ? "A missing object" : (about ?? "A place in the image")}</p>
      <Composer
        label={missing ? "What is missing here?" : "What is to be said?"}
        verb={missing ? "Send back" : "Comment"}
        focused={!begun}
        draft={{ text: drafts.read("new")?.text ?? null, keep }}
        onSend={send}
        onCancel={end}
      >
        {canMiss && (
          <label className={styles.missing}>
            <input
              type="checkbox"
              checked={missing}
              onChange={(event) => setMissing(event.currentTarget.checked)}
            />
            An object is missing here: send the image back
          </label>
        )}
      </Composer>
    </div>
  );
}
