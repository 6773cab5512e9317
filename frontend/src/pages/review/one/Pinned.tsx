import { useEffect, useState } from "react";
import type { Editor } from "../../../editor/Editor";
import { inside, type Vector } from "../../../geometry/vector";
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
  /** Shows where it will be pinned; null once it is, or is not to be. */
  onPlace: (at: Vector | null) => void;
  onEnd: () => void;
}

/** A new comment on the object, pinned where the pointer was when it was begun, or else on the object as a whole. */
export function NewPin({ item, editor, comments, onPlace, onEnd }: NewPinProps) {
  // Not where it is when the words are sent: on its way to the button it leaves the place.
  const [place] = useState(() => underPointer(editor));
  useEffect(() => {
    onPlace(place);
    return () => onPlace(null);
  }, [place, onPlace]);
  const send = async (text: string) => {
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

function underPointer(editor: Editor): Vector | null {
  const { pointer, history } = editor.getSnapshot();
  return pointer && inside(pointer, history.present) ? { x: pointer.x, y: pointer.y } : null;
}

/** The comments that are pinned to the object, and where the one that is being written will be. */
export const pinsOf = (comments: Comments, item: ReviewItem, placing: Vector | null): Comments => ({
  ...withPlace(comments, placing),
  threads: comments.threads?.filter(({ thread }) => thread.annotation === item.id),
});

export const withPlace = (comments: Comments, placing: Vector | null): Comments =>
  placing ? { ...comments, unfinished: { text: "", pin: { ...placing, annotation: null } } } : comments;

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
