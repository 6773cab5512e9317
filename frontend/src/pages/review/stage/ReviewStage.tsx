import { type ReactNode, useEffect, useMemo, useRef } from "react";
import type { Editor } from "../../../editor/Editor";
import { maskArea } from "../../../geometry/mask";
import type { Annotation } from "../../../model/annotation";
import { compared } from "../../../model/compare";
import type { Photo } from "../../../render/TiledPhoto";
import type { ReviewItem } from "../../../server/types";
import { Only } from "../../../ui/compare/Compare";
import { ADDED, REMOVED } from "../../../ui/compare/ComparisonCanvas";
import { Minimap } from "../../../ui/editor/Minimap";
import { Stage } from "../../../ui/editor/Stage";
import { CutOut } from "./CutOut";
import type { Display } from "./display";
import { photoAlone, sceneAbout } from "./scene";
import { sceneOfChanges, sceneOfOne } from "./sceneOfChanges";
import styles from "./stage.module.css";
import { useSeen } from "./useSeen";

interface ReviewStageProps {
  editor: Editor;
  item: ReviewItem;
  photo: Photo | null;
  display: Display;
  /** The version that was sent back, to be shown beside the present one. */
  was?: Annotation | null;
  /** The object is on the screen. */
  onSeen?: (id: string) => void;
  /** What lies over the image, as pins do. */
  children?: ReactNode;
}

/** The object to be judged, in its image; wheel and drag work as in the editor. */
export function ReviewStage({
  editor,
  item,
  photo,
  display,
  was = null,
  onSeen,
  children,
}: ReviewStageProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const beside = useRef<HTMLDivElement>(null);
  const makeScene = useMemo(() => {
    if (was) return sceneOfChanges(item.id, was);
    return display === "cutout" ? photoAlone : sceneAbout(item.id, display === "outline");
  }, [item.id, display, was]);
  const makeBeside = useMemo(() => (was ? sceneOfOne(was) : photoAlone), [was]);
  useSeen(`${item.id} ${item.version}`, photo !== null, () => {
    // Scripts and tests that press keys have to wait as people do.
    if (canvas.current) canvas.current.dataset["seen"] = item.id;
    onSeen?.(item.id);
  });
  const halved = was !== null || display === "side";
  useLookingBack(editor, was);
  useTurned(editor, item.id, halved);
  const stage = (
    <Stage
      editor={editor}
      photo={photo}
      canvas={canvas}
      label={`The object to be judged, in ${item.image_detail.name}`}
      makeScene={makeScene}
    >
      {children}
      <Minimap editor={editor} photo={photo} about={item.id} />
    </Stage>
  );
  if (halved)
    return (
      <div className={styles.halves}>
        <div>
          <Stage
            editor={editor}
            photo={photo}
            canvas={beside}
            label={was ? "What was sent back" : "Its photograph"}
            makeScene={makeBeside}
          />
          {was && <p className={styles.caption}>Sent back</p>}
        </div>
        <div>
          {stage}
          {was && <Changes was={was} now={item} />}
        </div>
      </div>
    );
  return (
    <>
      {stage}
      {display === "cutout" && <CutOut editor={editor} id={item.id} />}
    </>
  );
}

/** How much of it came and went, in the colours that it has above. */
function Changes({ was, now }: { was: Annotation; now: Annotation }) {
  const { added, removed, iou } = useMemo(() => compared(was, now), [was, now]);
  return (
    <p className={styles.caption}>
      Now <span>IoU {iou.toFixed(3)}</span>
      <Only side={{ colour: ADDED, only: "more" }} pixels={maskArea(added)} />
      <Only side={{ colour: REMOVED, only: "less" }} pixels={maskArea(removed)} />
    </p>
  );
}

/** The view fits the version that stands beside as well. */
function useLookingBack(editor: Editor, was: Annotation | null) {
  useEffect(() => {
    if (!was) return;
    editor.showPast(was);
    return () => editor.showPast(null);
  }, [editor, was]);
}

/** Half a screen shows something else in its middle than a whole one. */
function useTurned(editor: Editor, id: string, halved: boolean) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the width of the canvas follows
  useEffect(() => {
    const frame = requestAnimationFrame(() => editor.turnTo(id));
    return () => cancelAnimationFrame(frame);
  }, [halved]);
}
