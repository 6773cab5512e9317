import { useEffect, useRef } from "react";
import type { Editor } from "../../editor/Editor";
import { attachWheel } from "../../editor/pointer";
import type { Vector } from "../../geometry/vector";
import { toScreen } from "../../geometry/viewport";
import { useEditor } from "../editor/useEditor";
import styles from "./comments.module.css";
import { isOpen, type Numbered, placeOf } from "./places";
import type { Comments } from "./useComments";

/** The pins of an image's threads, over its canvas: as large at every zoom. What is resolved shows while looked at. */
export function PinLayer({ editor, comments }: { editor: Editor; comments: Comments }) {
  const viewport = useEditor(editor, (snapshot) => snapshot.viewport);
  const screen = useEditor(editor, (snapshot) => snapshot.screen);
  const image = useEditor(editor, ({ history }) => history.present);
  const placed = useEditor(editor, ({ comment }) => comment.draft);
  const draft = placed ?? comments.unfinished?.pin;
  const layer = useRef<HTMLDivElement>(null);
  // A pin takes clicks from the image, but not the wheel.
  useEffect(() => (layer.current ? attachWheel(layer.current, editor) : undefined), [editor]);
  const seen = ({ x, y }: Vector) => x > -12 && y > -12 && x < screen.width + 12 && y < screen.height + 36;
  const pinned = (comments.threads ?? [])
    .filter(({ thread }) => isOpen(thread) || thread.id === comments.current)
    .flatMap((of) => {
      const place = placeOf(of.thread, image);
      const at = place && toScreen(viewport, place);
      return at && seen(at) ? [{ of, at }] : [];
    });
  return (
    <div ref={layer} className={styles.pins}>
      {pinned.map(({ of, at }) => (
        <Pin key={of.thread.id} of={of} at={at} comments={comments} />
      ))}
      {draft && (
        <span className={styles.pin} data-current style={left(toScreen(viewport, draft))}>
          +
        </span>
      )}
    </div>
  );
}

const left = ({ x, y }: Vector) => ({ transform: `translate(${x}px, ${y}px)` });

function Pin({ of: { thread, number }, at, comments }: { of: Numbered; at: Vector; comments: Comments }) {
  const current = comments.current === thread.id;
  return (
    <button
      type="button"
      className={styles.pin}
      style={left(at)}
      title={`${thread.by.name}: ${thread.text}`}
      aria-label={`${thread.kind === "missing" ? "Missing object" : "Comment"} ${number}, by ${thread.by.name}`}
      aria-pressed={current}
      data-current={current || undefined}
      data-kind={thread.kind}
      data-resolved={!isOpen(thread) || undefined}
      onClick={() => comments.open(current ? null : thread.id)}
    >
      {number}
    </button>
  );
}
