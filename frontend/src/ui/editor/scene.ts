import type { Snapshot } from "../../editor/Editor";
import { type LabelClass, maskOf } from "../../model/annotation";
import type { Emphasis, Overlay, Scene, Shape } from "../../render/scene";
import { previewSegment } from "../../tools/segment";

const NO_CLASS = "#808080";

const colourOf = (classes: readonly LabelClass[], id: string | null): string =>
  classes.find((labelClass) => labelClass.id === id)?.colour ?? NO_CLASS;

function shapesOf({ history, hidden, selected, select, tool, classes }: Snapshot): Shape[] {
  const emphasis = (id: string): Emphasis => {
    if (id === selected) return "selected";
    return tool === "select" && id === select.hovered ? "hovered" : "normal";
  };
  return [...history.present.annotations.values()]
    .filter(({ id }) => !hidden.has(id))
    .map((annotation) => ({
      annotation,
      colour: colourOf(classes, annotation.class_id),
      emphasis: emphasis(annotation.id),
      outlineOnly: false,
    }));
}

function overlayOf({ segment, classes, classId }: Snapshot): Overlay {
  const { points, box, candidate, pending } = previewSegment(segment);
  return {
    points,
    box,
    pending,
    colour: colourOf(classes, classId),
    mask: candidate && maskOf(candidate.segmentation),
  };
}

const SHAPE_PARTS = ["history", "hidden", "selected", "select", "tool", "classes"] as const;
const OVERLAY_PARTS = ["segment", "classes", "classId"] as const;

const unchanged = (parts: readonly (keyof Snapshot)[], a: Snapshot, b: Snapshot) =>
  parts.every((part) => a[part] === b[part]);

/** Makes scenes of snapshots; parts for which nothing changed stay the same objects and are not drawn again. */
export function sceneMaker(photo: CanvasImageSource | null): (snapshot: Snapshot) => Scene {
  let last: { snapshot: Snapshot; scene: Scene } | null = null;
  return (snapshot) => {
    const keep = (parts: readonly (keyof Snapshot)[]) =>
      last && unchanged(parts, last.snapshot, snapshot) ? last.scene : null;
    const scene: Scene = {
      screen: snapshot.screen,
      viewport: snapshot.viewport,
      image: snapshot.history.present,
      photo,
      shapes: keep(SHAPE_PARTS)?.shapes ?? shapesOf(snapshot),
      overlay: keep(OVERLAY_PARTS)?.overlay ?? overlayOf(snapshot),
    };
    last = { snapshot, scene };
    return scene;
  };
}
