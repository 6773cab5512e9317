import { type ReactNode, useState } from "react";
import type { Editor } from "../../../editor/Editor";
import type { Vector } from "../../../geometry/vector";
import type { Annotation, ReviewItem } from "../../../server/types";
import { onDemand } from "../../../ui/bits/onDemand";
import { PinLayer } from "../../../ui/comments/PinLayer";
import { useComments } from "../../../ui/comments/useComments";
import { Banner } from "../../../ui/editor/Banner";
import editorStyles from "../../../ui/editor/editor.module.css";
import { usePhoto } from "../../editor/usePhoto";
import { useReviewContext } from "../context";
import { ReviewFrame } from "../frame/ReviewFrame";
import { ReviewStage } from "../stage/ReviewStage";
import { Asking } from "./Asking";
import { oneCommands } from "./commands";
import { DisplayRail } from "./DisplayRail";
import { ItemChecks } from "./ItemChecks";
import { ItemPanel } from "./ItemPanel";
import { KeyButton } from "./KeyButton";
import styles from "./one.module.css";
import { pinsOf, ThreadsAbout } from "./Pinned";
import type { Sitting, SittingState } from "./Sitting";
import type { Desk } from "./useDesk";
import { useSeenBy } from "./useSeenBy";
import { useWas } from "./useSentBack";

const PastDrawer = onDemand(() => import("../../../ui/history/PastDrawer"));

interface JudgeViewProps {
  sitting: Sitting;
  state: SittingState;
  item: ReviewItem;
  editor: Editor;
  desk: Desk;
}

/** One mask and the keys that judge it. */
export function JudgeView({ sitting, state, item, editor, desk }: JudgeViewProps) {
  const { me, project, classes } = useReviewContext();
  const comments = useComments({ imageId: item.image, me, permissions: project.permissions });
  const name = classes.find(({ id }) => id === item.class_id)?.name ?? "The object";
  const photo = usePhoto(item.image_detail);
  const onSeen = useSeenBy(sitting);
  const was = useWas(item);
  const [placing, setPlacing] = useState<Vector | null>(null);
  const reasons = project.reject_reasons;
  const commands = oneCommands({ sitting, desk, editor, reasons, returned: was !== null });
  const named = (id: string) => commands.find((command) => command.id === `review.${id}`);
  const given = state.walk.given.get(item.id);
  return (
    <ReviewFrame
      mode="one"
      waiting={state.waiting}
      commands={commands}
      status={<Status sitting={state} />}
      action={
        <>
          <KeyButton command={named("back")} label="Back" />
          <KeyButton command={named("next")} label="Next" />
          <KeyButton command={named("undo")} label="Undo" />
        </>
      }
    >
      <div className={styles.page}>
        <DisplayRail display={desk.display} onChoose={desk.setDisplay} />
        <main className={editorStyles.main}>
          <ReviewStage
            editor={editor}
            item={item}
            photo={photo.element}
            {...onStage(desk, was)}
            onSeen={onSeen}
          >
            <PinLayer editor={editor} comments={pinsOf(comments, item, placing)} />
          </ReviewStage>
          <div className={editorStyles.banners}>
            {state.notice && <Banner tone="warn">{state.notice}</Banner>}
            {photo.failed && (
              <Banner tone="bad">The photograph could not be loaded. Reload the page to try again.</Banner>
            )}
          </div>
          <Asking {...{ sitting, item, editor, desk, comments, reasons }} onPlace={setPlacing} />
          {desk.open === "history" && (
            <PastDrawer
              editor={editor}
              annotation={item.id}
              image={item.image}
              name={name}
              photo={photo.element}
              onClose={() => desk.setOpen(null)}
            />
          )}
        </main>
        <aside className={editorStyles.side} aria-label="The mask to be judged" data-judged-id={item.id}>
          <ItemPanel item={item} given={given?.verdict} />
          <ItemChecks editor={editor} id={item.id} onFix={given ? undefined : desk.fixBy} />
          <ThreadsAbout item={item} name={name} comments={comments} />
          <div className={styles.verdicts}>
            <KeyButton command={named("accept")} label="Accept" primary />
            <KeyButton command={named("reject")} label="Reject…" />
            <KeyButton command={named("fix")} label="Fix, then accept" />
            <KeyButton command={named("comment")} label="Comment…" />
            <KeyButton command={named("history")} label="History" />
            {was && <KeyButton command={named("compare")} label="Before / after" />}
          </div>
        </aside>
      </div>
    </ReviewFrame>
  );
}

/** An earlier version lies over the present one whole: nothing of it is dark, and nothing stands beside it. */
const onStage = ({ open, display, comparing }: Desk, was: Annotation | null) =>
  open === "history" ? { display: "fill" as const, was: null } : { display, was: comparing ? was : null };

function Status({ sitting }: { sitting: SittingState }): ReactNode {
  const { walk, asking } = sitting;
  const ahead = walk.items.length - walk.at - 1;
  return (
    <>
      <span>The least certain first</span>
      <span>{asking && ahead <= 0 ? "loading the next" : `${Math.max(ahead, 0)} loaded ahead`}</span>
    </>
  );
}
