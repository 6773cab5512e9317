import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { isTaken, keyOf } from "../../editor/keys";
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

interface CommentsTabProps {
  editor: Editor;
  comments: Comments;
  /** Where the focus goes when people have said what they had to say. */
  canvas: RefObject<HTMLElement | null>;
}

/** The comments beside the canvas: the one that is being written, then the threads. */
export function CommentsTab({ editor, comments, canvas }: CommentsTabProps) {
  const image = useEditor(editor, ({ history }) => history.present);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const pinned = useEditor(editor, ({ comment }) => comment.draft);
  const [sending, setSending] = useState<Pin | null>(null);
  // What was begun earlier goes on where it was, or where the pin is put now; what is on its way is not put elsewhere.
  const draft = sending ?? pinned ?? comments.unfinished?.pin;
  const name = (id: string) => (image.annotations.has(id) ? nameOf(image, classes, id) : "A deleted object");
  return (
    <section className={styles.tab} aria-label="Comments">
      {draft && (
        <NewThread
          key={`${draft.x} ${draft.y}`}
          {...{ editor, comments, canvas, setSending }}
          draft={draft}
          about={draft.annotation && name(draft.annotation)}
          begun={pinned !== draft}
        />
      )}
      <CommentList comments={comments} nameOf={name} empty={comments.canWrite ? EMPTY.write : EMPTY.read} />
    </section>
  );
}

/** Typing that meets no other field goes into the one in `element`, as after a click that has moved the image. */
function useTypedInto(element: RefObject<HTMLElement | null>, active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (types && !isTaken(event, keyOf(event))) element.current?.querySelector("textarea")?.focus();
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [element, active]);
}

interface NewThreadProps extends CommentsTabProps {
  draft: Pin;
  about: string | null;
  /** It was begun earlier: it waits to be gone on with. */
  begun: boolean;
  setSending: (pin: Pin | null) => void;
}

function NewThread({ editor, comments, canvas, draft, about, begun, setSending }: NewThreadProps) {
  const { actions, canMiss, open, drafts, unfinished, setUnfinished } = comments;
  const [missing, setMissing] = useState(canMiss && unfinished?.missing === true);
  const keep = (text: string | null) =>
    setUnfinished(text === null ? null : { text, pin: draft, ...(missing && { missing }) });
  // The words stay with the pin wherever it is put, and whatever it is said to be.
  const moved = useEffectEvent(() => keep(drafts.read("new")?.text ?? null));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what they say is in the pin
  useEffect(() => moved(), [draft.x, draft.y, missing]);
  // Without words there is nothing to go on with later.
  const forget = useEffectEvent(() => {
    if (drafts.read("new") === null) setUnfinished(null);
  });
  useEffect(() => {
    if (begun) forget();
    return () => forget();
  }, [begun]);
  const element = useRef<HTMLDivElement>(null);
  useTypedInto(element, !begun);
  const toCanvas = () => canvas.current?.focus({ preventScroll: true });
  // Whoever goes on with it later, or has gone on meanwhile, has a tool in hand that is none of its business.
  const endComment = () => editor.getSnapshot().comment.draft === draft && editor.endComment();
  const cancel = () => {
    endComment();
    toCanvas();
  };
  const send = async (text: string) => {
    const { x, y } = draft;
    const pin = missing ? { x, y, kind: "missing" as const } : draft;
    setSending(draft);
    try {
      const thread = await actions.begin({ ...pin, text });
      setUnfinished(null);
      // Whoever looks at the objects by now is not called back.
      if (!element.current) return;
      if (element.current.contains(document.activeElement)) toCanvas();
      endComment();
      open(thread.id);
    } finally {
      setSending(null);
    }
  };
  return (
    <div ref={element} className={styles.thread} data-current>
      <p className={styles.about}>{missing ? "A missing object" : (about ?? "A place in the image")}</p>
      <Composer
        label={missing ? "What is missing here?" : "What is to be said?"}
        verb={missing ? "Send back" : "Comment"}
        focused={!begun}
        draft={{ text: drafts.read("new")?.text ?? null, keep }}
        onSend={send}
        onCancel={cancel}
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
