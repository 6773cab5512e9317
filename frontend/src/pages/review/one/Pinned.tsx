import type { Editor } from "../../../editor/Editor";
import { inside } from "../../../geometry/vector";
import type { ReviewItem } from "../../../server/types";
import { CommentList } from "../../../ui/comments/CommentList";
import { Composer } from "../../../ui/comments/Composer";
import { written } from "../../../ui/comments/drafts";
import type { Comments } from "../../../ui/comments/useComments";
import styles from "./one.module.css";

interface NewPinProps {
  item: ReviewItem;
  editor: Editor;
  comments: Comments;
  onEnd: () => void;
}

/** A new comment on the object, pinned where the pointer is, or else on the object as a whole. */
export function NewPin({ item, editor, comments, onEnd }: NewPinProps) {
  const send = async (text: string) => {
    const { pointer, history } = editor.getSnapshot();
    const place = pointer && inside(pointer, history.present) ? pointer : {};
    await comments.actions.begin({ annotation: item.id, ...place, text });
    onEnd();
  };
  return (
    <section className={styles.composer} aria-label="Comment">
      <Composer
        label="What is to be said of it?"
        verb="Comment"
        focused
        draft={written(comments.drafts, `object:${item.id}`)}
        onSend={send}
        onCancel={onEnd}
      />
    </section>
  );
}

interface ThreadsAboutProps {
  item: ReviewItem;
  name: string;
  comments: Comments;
}

/** What has been said of the object. */
export function ThreadsAbout({ item, name, comments }: ThreadsAboutProps) {
  const about = comments.threads?.filter(({ thread }) => thread.annotation === item.id);
  if (!about?.length) return null;
  return (
    <section className={styles.threads} aria-label="Comments">
      <CommentList comments={{ ...comments, threads: about }} nameOf={() => name} empty="" />
    </section>
  );
}
