import { useEffect, useMemo, useRef } from "react";
import type { Editor } from "../../../editor/Editor";
import type { Photo } from "../../../render/TiledPhoto";
import type { ReviewItem } from "../../../server/types";
import { Stage } from "../../../ui/editor/Stage";
import { CutOut } from "./CutOut";
import type { Display } from "./display";
import { photoAlone, sceneAbout } from "./scene";
import styles from "./stage.module.css";
import { useSeen } from "./useSeen";

interface ReviewStageProps {
  editor: Editor;
  item: ReviewItem;
  photo: Photo | null;
  display: Display;
  /** The object is on the screen. */
  onSeen?: (id: string) => void;
}

/** The object to be judged, in its image; wheel and drag work as in the editor. */
export function ReviewStage({ editor, item, photo, display, onSeen }: ReviewStageProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const beside = useRef<HTMLDivElement>(null);
  const makeScene = useMemo(
    () => (display === "cutout" ? photoAlone : sceneAbout(item.id, display === "outline")),
    [item.id, display],
  );
  useSeen(`${item.id} ${item.version}`, photo !== null, () => {
    // Scripts and tests that press keys have to wait as people do.
    if (canvas.current) canvas.current.dataset["seen"] = item.id;
    onSeen?.(item.id);
  });
  useTurned(editor, item.id, display === "side");
  const stage = (
    <Stage
      editor={editor}
      photo={photo}
      canvas={canvas}
      label={`The object to be judged, in ${item.image_detail.name}`}
      makeScene={makeScene}
    />
  );
  if (display === "side")
    return (
      <div className={styles.halves}>
        <div>
          <Stage
            editor={editor}
            photo={photo}
            canvas={beside}
            label="Its photograph"
            makeScene={photoAlone}
          />
        </div>
        <div>{stage}</div>
      </div>
    );
  return (
    <>
      {stage}
      {display === "cutout" && <CutOut editor={editor} id={item.id} />}
    </>
  );
}

/** Half a screen shows something else in its middle than a whole one. */
function useTurned(editor: Editor, id: string, halved: boolean) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the width of the canvas follows
  useEffect(() => {
    const frame = requestAnimationFrame(() => editor.turnTo(id));
    return () => cancelAnimationFrame(frame);
  }, [halved]);
}
