import type { Snapshot } from "../../../editor/snapshot";
import { NO_OVERLAY, PLAIN_STYLE, type Scene, type Shape } from "../../../render/scene";
import { pastOverlay } from "../../../ui/history/pastOverlay";

const NO_PROPOSALS: Scene["proposals"] = [];
const NO_SHAPES: readonly Shape[] = [];

export type SceneMaker = (photo: Scene["photo"]) => (snapshot: Snapshot) => Scene;

/** The photograph and nothing else. */
export const photoAlone: SceneMaker =
  (photo) =>
  ({ history, screen, viewport }) => ({
    screen,
    viewport,
    image: history.present,
    photo,
    photoFilter: "",
    style: PLAIN_STYLE,
    proposals: NO_PROPOSALS,
    shapes: NO_SHAPES,
    overlay: NO_OVERLAY,
  });

/** One object stands out, the others of its image are thin outlines; an earlier version of it lies over it. */
export const sceneAbout =
  (id: string, outlineOnly: boolean): SceneMaker =>
  (photo) => {
    const plain = photoAlone(photo);
    let last: { history: Snapshot["history"]; shapes: readonly Shape[] } | null = null;
    return (snapshot) => {
      const { history, classes } = snapshot;
      if (last?.history !== history)
        last = { history, shapes: shapesAbout(id, outlineOnly, history, classes) };
      return { ...plain(snapshot), shapes: last.shapes, overlay: pastOverlay(snapshot) };
    };
  };

function shapesAbout(
  id: string,
  outlineOnly: boolean,
  history: Snapshot["history"],
  classes: Snapshot["classes"],
): Shape[] {
  const shapes = [...history.present.annotations.values()].map((annotation) => ({
    annotation,
    colour: classes.find((labelClass) => labelClass.id === annotation.class_id)?.colour ?? "#808080",
    emphasis: annotation.id === id ? ("normal" as const) : ("faint" as const),
    outlineOnly: outlineOnly || annotation.id !== id,
  }));
  // The one to be judged lies on top, whatever else covers it.
  return shapes.sort((a, b) => Number(a.annotation.id === id) - Number(b.annotation.id === id));
}
