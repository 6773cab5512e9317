import { useEffect, useMemo, useRef, useState } from "react";
import type { Editor } from "../../../editor/Editor";
import type { Vector } from "../../../geometry/vector";
import { nameOf } from "../../../model/lookup";
import type { ImageInfo } from "../../../server/types";
import { onDemand } from "../../../ui/bits/onDemand";
import { PinLayer } from "../../../ui/comments/PinLayer";
import { useComments } from "../../../ui/comments/useComments";
import { Banner } from "../../../ui/editor/Banner";
import editorStyles from "../../../ui/editor/editor.module.css";
import { Stage } from "../../../ui/editor/Stage";
import { useEditor } from "../../../ui/editor/useEditor";
import { usePhoto } from "../../editor/usePhoto";
import { useReviewContext } from "../context";
import { ReviewFrame } from "../frame/ReviewFrame";
import { Asking } from "../one/Asking";
import { KeyButton } from "../one/KeyButton";
import { withPlace } from "../one/Pinned";
import type { Sitting, SittingState } from "../one/Sitting";
import type { Desk } from "../one/useDesk";
import { openOf, shownOf } from "../one/walk";
import { useSeen } from "../stage/useSeen";
import { wholeCommands } from "./commands";
import { ImagePanel } from "./ImagePanel";
import { Marks } from "./Marks";
import { Missing } from "./Missing";
import { wholeScene } from "./scene";
import { rowsOf } from "./standings";
import { useImageVerdict } from "./useImageVerdict";
import { useMissing } from "./useMissing";
import { useNextAhead } from "./useNextAhead";
import type { Trail } from "./useTrail";
import styles from "./whole.module.css";

const PastDrawer = onDemand(() => import("../../../ui/history/PastDrawer"));

interface JudgeImageProps {
  sitting: Sitting;
  state: SittingState;
  image: ImageInfo;
  editor: Editor;
  desk: Desk;
  trail: Trail;
}

/** An image, everything on it, and the keys that judge it. */
export function JudgeImage({ sitting, state, image, editor, desk, trail }: JudgeImageProps) {
  const { me, project, classes } = useReviewContext();
  const { walk, waiting, notice } = state;
  const canvas = useRef<HTMLDivElement>(null);
  const photo = usePhoto(image);
  const comments = useComments({ imageId: image.id, me, permissions: project.permissions });
  const missing = useMissing({ sitting, image, desk, begin: comments.actions.begin });
  const present = useEditor(editor, ({ history }) => history.present);
  const { annotations } = present;
  const rows = useMemo(() => rowsOf(annotations.values(), walk), [annotations, walk]);
  const open = useMemo(() => openOf(walk), [walk]);
  const item = shownOf(walk);
  const verdict = useImageVerdict(image, photo.element !== null);
  const [placing, setPlacing] = useState<Vector | null>(null);
  const current = item?.id;
  const makeScene = useMemo(
    () => wholeScene(new Set(open.map(({ id }) => id)), desk.display === "outline"),
    [open, desk.display],
  );
  useAllSeen({ sitting, state, canvas, drawable: photo.element !== null });
  useNextAhead(trail, photo.element !== null);
  usePicking(editor, sitting);
  const reasons = project.reject_reasons;
  const commands = wholeCommands({
    sitting,
    desk,
    editor,
    trail,
    reasons,
    acceptImage: open.length === 0 ? verdict?.accept : undefined,
    onPlace: missing.place,
    onCancel: missing.cancel,
  });
  const named = (id: string) => commands.find((command) => command.id === `review.${id}`);
  return (
    <ReviewFrame
      mode="whole"
      waiting={waiting}
      commands={commands}
      status={<Status name={image.name} left={open.length} itself={verdict !== null && !verdict.accepted} />}
      action={
        <>
          <KeyButton command={trail.back && named("previousImage")} label="Previous" />
          <KeyButton command={named("nextImage")} label="Next image" primary={open.length === 0} />
        </>
      }
    >
      <div className={styles.page}>
        <main className={editorStyles.main}>
          <Stage
            editor={editor}
            photo={photo.element}
            canvas={canvas}
            label={`All objects in ${image.name}`}
            makeScene={makeScene}
          >
            <Marks editor={editor} rows={rows} />
            <PinLayer editor={editor} comments={withPlace(comments, placing)} />
            {desk.open === "missing" && (
              <Missing
                editor={editor}
                at={missing.at}
                onPlace={missing.place}
                onSend={missing.send}
                drafts={comments.drafts}
                onCancel={missing.cancel}
              />
            )}
          </Stage>
          <div className={editorStyles.banners}>
            {notice && <Banner tone="warn">{notice}</Banner>}
            {photo.failed && (
              <Banner tone="bad">The photograph could not be loaded. Reload the page to try again.</Banner>
            )}
          </div>
          {item && desk.open === "history" && (
            <PastDrawer
              editor={editor}
              annotation={item.id}
              image={image.id}
              name={nameOf(present, classes, item.id)}
              photo={photo.element}
              onClose={() => desk.setOpen(null)}
            />
          )}
          {item && <Asking {...{ sitting, item, editor, desk, comments, reasons }} onPlace={setPlacing} />}
        </main>
        <ImagePanel
          {...{ sitting, editor, rows, current, comments, named, verdict }}
          image={image.id}
          left={open.length}
          onFix={desk.fixBy}
        />
      </div>
    </ReviewFrame>
  );
}

interface StatusProps {
  name: string;
  left: number;
  /** The image itself waits. */
  itself: boolean;
}

const Status = ({ name, left, itself }: StatusProps) => (
  <>
    <span>{name}</span>
    <span>{statusWord(left, itself)}</span>
  </>
);

function statusWord(left: number, itself: boolean): string {
  if (left > 0) return `${left} wait here, the least certain first`;
  return itself ? "the image itself waits for review" : "everything is judged";
}

interface AllSeen {
  sitting: Sitting;
  state: SittingState;
  canvas: React.RefObject<HTMLDivElement | null>;
  drawable: boolean;
}

/** What waits can be judged once it is on the screen, all of it at once; and it takes time from then on. */
function useAllSeen({ sitting, state: { walk }, canvas, drawable }: AllSeen): void {
  const { begin } = useReviewContext().pace;
  const current = shownOf(walk)?.id;
  const open = openOf(walk);
  const what = [current, ...open.map(({ id, version }) => `${id} ${version}`)].join();
  useSeen(what, drawable && current !== undefined, () => {
    if (!current) return;
    // Scripts and tests that press keys have to wait as people do.
    if (canvas.current) canvas.current.dataset["seen"] = current;
    sitting.seen(
      current,
      open.map(({ id }) => id),
    );
  });
  useEffect(() => {
    if (drawable) begin();
  }, [drawable, begin]);
}

/** A click on an object points at it. */
function usePicking(editor: Editor, sitting: Sitting): void {
  useEffect(() => {
    let before = editor.getSnapshot().selected;
    return editor.subscribe(() => {
      const { selected } = editor.getSnapshot();
      if (selected === before) return;
      before = selected;
      const [picked] = selected;
      // What is shown is selected by itself, and that is no click.
      if (picked && picked !== shownOf(sitting.getSnapshot().walk)?.id) sitting.point(picked);
    });
  }, [editor, sitting]);
}
