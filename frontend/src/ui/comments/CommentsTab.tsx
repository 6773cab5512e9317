import { useState } from "react";
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
  const draft = useEditor(editor, ({ comment }) => comment.draft);
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
}

function NewThread({ editor, comments: { actions, canMiss, open }, draft, about }: NewThreadProps) {
  const [missing, setMissing] = useState(false);
  const send = async (text: string) => {
    const { x, y } = draft;
    const pin = missing ? { x, y, kind: "missing" as const } : draft;
    const thread = await actions.begin({ ...pin, text });
    editor.endComment();
    open(thread.id);
  };
  return (
    <div className={styles.thread} data-current>
      <p className={styles.about}>{missing ? "A missing object" : (about ?? "A place in the image")}</p>
      <Composer
        label={missing ? "What is missing here?" : "What is to be said?"}
        verb={missing ? "Send back" : "Comment"}
        focused
        onSend={send}
        onCancel={() => editor.endComment()}
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
