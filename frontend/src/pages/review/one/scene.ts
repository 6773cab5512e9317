import type { Snapshot } from "../../../editor/snapshot";
import { NO_OVERLAY, PLAIN_STYLE, type Scene, type Shape } from "../../../render/scene";

const NO_PROPOSALS: Scene["proposals"] = [];

/** Pictures about one mask: it stands out, the others of its image are thin outlines. */
export const sceneAbout =
  (id: string, outlineOnly: boolean) =>
  (photo: CanvasImageSource | null): ((snapshot: Snapshot) => Scene) => {
    let last: { history: Snapshot["history"]; shapes: readonly Shape[] } | null = null;
    return ({ history, classes, screen, viewport }) => {
      if (last?.history !== history)
        last = { history, shapes: shapesAbout(id, outlineOnly, history, classes) };
      return {
        screen,
        viewport,
        image: history.present,
        photo,
        photoFilter: "",
        style: PLAIN_STYLE,
        proposals: NO_PROPOSALS,
        shapes: last.shapes,
        overlay: NO_OVERLAY,
      };
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
