import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Editor } from "../../../editor/Editor";
import { keys } from "../../../server/keys";
import { sentenceOf } from "../../../server/problem";
import type { ReviewItem } from "../../../server/types";
import { Banner } from "../../../ui/editor/Banner";
import editorStyles from "../../../ui/editor/editor.module.css";
import { useSession } from "../../editor/useSession";
import { useReviewContext } from "../context";
import type { Mode } from "../frame/modes";
import { ReviewFrame } from "../frame/ReviewFrame";
import { Fixing } from "./Fixing";
import styles from "./one.module.css";
import type { Sitting, SittingState } from "./Sitting";
import { type Pending, useAcceptMeanwhile } from "./usePendingFix";

export interface FixViewProps {
  mode: Mode["id"];
  sitting: Sitting;
  state: SittingState;
  item: ReviewItem;
  /** The one that has shown the mask so far: the tools begin with its view. */
  editor: Editor;
  onLeave: () => void;
  /** What the tools are opened for, where that is known. */
  pending?: Pending | null;
  /** What is pending is to be accepted too. */
  onAccept?: () => void;
}

/** The mask with all tools, in place: it is opened as the editor opens images, and saved as it saves them. */
export function FixView(props: FixViewProps) {
  const { mode, item, state, onLeave, pending, onAccept } = props;
  const { me, project, classes } = useReviewContext();
  const opening = useSession({
    image: item.image_detail,
    projectName: project.name,
    classes,
    me,
    readOnly: false,
    rules: project,
  });
  useFreshAnnotations(item.image);
  useAcceptMeanwhile(opening.kind !== "open" && Boolean(pending), () => onAccept?.());
  if (opening.kind === "open") return <Fixing {...props} session={opening.session} />;
  return (
    <ReviewFrame mode={mode} waiting={state.waiting} commands={[]} engaged>
      <div className={styles.page}>
        <div className={editorStyles.rail} />
        <main className={editorStyles.main}>
          <div className={editorStyles.banners}>
            {opening.kind === "failed" && (
              <Banner
                tone="bad"
                actions={
                  <>
                    <button type="button" className={editorStyles.button} onClick={opening.retry}>
                      Try again
                    </button>
                    <button type="button" className={editorStyles.button} onClick={onLeave}>
                      Back
                    </button>
                  </>
                }
              >
                {sentenceOf(opening.error)}
              </Banner>
            )}
          </div>
        </main>
        <aside className={editorStyles.side} aria-label="Objects and classes" />
      </div>
    </ReviewFrame>
  );
}

/** Whoever shows the image next asks anew: it was edited. */
function useFreshAnnotations(image: string) {
  const client = useQueryClient();
  useEffect(
    () => () => void client.invalidateQueries({ queryKey: keys.annotations(image), exact: true }),
    [client, image],
  );
}
