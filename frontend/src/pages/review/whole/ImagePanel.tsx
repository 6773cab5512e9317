import { useRef } from "react";
import type { Editor } from "../../../editor/Editor";
import type { Fix } from "../../../model/checks";
import { nameOf } from "../../../model/lookup";
import { CommentList } from "../../../ui/comments/CommentList";
import type { Comments } from "../../../ui/comments/useComments";
import editorStyles from "../../../ui/editor/editor.module.css";
import { useEditor } from "../../../ui/editor/useEditor";
import { useReviewContext } from "../context";
import type { ReviewCommand } from "../frame/commands";
import { ItemChecks } from "../one/ItemChecks";
import { KeyButton } from "../one/KeyButton";
import type { Sitting } from "../one/Sitting";
import { ObjectList } from "./ObjectList";
import type { Row } from "./standings";
import type { ImageVerdict } from "./useImageVerdict";
import { WholeImageNote } from "./WholeImageNote";
import styles from "./whole.module.css";

interface ImagePanelProps {
  sitting: Sitting;
  editor: Editor;
  rows: readonly Row[];
  current: string | undefined;
  comments: Comments;
  /** How many have no verdict. */
  left: number;
  image: string;
  /** The review of the image itself. */
  verdict: ImageVerdict | null;
  /** Opens the tools, which then fix this. */
  onFix: (fix: Fix) => void;
  named: (id: string) => ReviewCommand | undefined;
}

/** What is on the image, what was said about it, and the verdicts. */
export function ImagePanel(props: ImagePanelProps) {
  const { sitting, editor, rows, current, comments, left, image: imageId, verdict, onFix, named } = props;
  const { classes } = useReviewContext();
  const scroller = useRef<HTMLDivElement>(null);
  const image = useEditor(editor, ({ history }) => history.present);
  const talked = (comments.threads ?? []).length > 0;
  const judge = current !== undefined && left > 0;
  return (
    <aside className={editorStyles.side} aria-label="The image to be judged" data-judged-id={current}>
      <div ref={scroller} className={styles.lists}>
        <h2>
          Objects <span>{objectsWord(left, rows.length)}</span>
        </h2>
        <ObjectList {...{ editor, rows, current, scroller }} onPoint={sitting.point} />
        {talked && (
          <>
            <h2>Comments</h2>
            <div className={styles.talk}>
              <CommentList comments={comments} nameOf={(id) => nameOf(image, classes, id)} empty="" />
            </div>
          </>
        )}
      </div>
      {current && <ItemChecks editor={editor} id={current} onFix={judge ? onFix : undefined} />}
      {verdict && <WholeImageNote image={imageId} verdict={verdict} />}
      <div className={styles.verdicts}>
        {named("acceptImage") ? (
          <KeyButton command={named("acceptImage")} label="Accept as is" primary />
        ) : (
          <KeyButton command={judge ? named("accept") : undefined} label="Accept" primary={left > 0} />
        )}
        <KeyButton command={judge ? named("reject") : undefined} label="Reject…" />
        <KeyButton command={judge ? named("fix") : undefined} label="Fix" />
        <KeyButton command={judge ? named("comment") : undefined} label="Comment…" />
        <KeyButton command={named("undo")} label="Undo" />
        <KeyButton command={named("missing")} label="Missing…" />
        <div className={styles.wide}>
          <KeyButton command={current ? named("history") : undefined} label="History" />
        </div>
        <div className={styles.wide}>
          <KeyButton command={judge ? named("acceptRest") : undefined} label={restWord(left)} />
        </div>
      </div>
    </aside>
  );
}

function objectsWord(left: number, all: number): string {
  if (left > 0) return `${left} of ${all} wait`;
  return all > 0 ? "all judged" : "none";
}

const restWord = (left: number): string => (left < 2 ? "Accept what is left" : `Accept all ${left} left`);
