import type { Snapshot } from "../../editor/snapshot";
import { isWorking, workedOn } from "../../editor/toolbox";
import { type LabelClass, maskOf, pixelsOf } from "../../model/annotation";
import type { Emphasis, Overlay, Scene, Shape } from "../../render/scene";
import { previewBrush } from "../../tools/brush";
import { previewSegment } from "../../tools/segment";

const NO_CLASS = "#808080";

const colourOf = (classes: readonly LabelClass[], id: string | null): string =>
  classes.find((labelClass) => labelClass.id === id)?.colour ?? NO_CLASS;

/** What the tool in use is about to replace: only its edge stays, so that the new one can be judged. */
const replaced = (snapshot: Snapshot): string | null =>
  isWorking(snapshot) ? (workedOn(snapshot)?.id ?? null) : null;

function shapesOf(snapshot: Snapshot): Shape[] {
  const { history, hidden, selected, classes } = snapshot;
  const [hovered, old] = [hoveredOf(snapshot), replaced(snapshot)];
  const emphasis = (id: string): Emphasis => {
    if (id === old) return "faint";
    if (selected.includes(id)) return "selected";
    return id === hovered ? "hovered" : "normal";
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

const hoveredOf = ({ tool, select }: Snapshot) => (tool === "select" ? select.hovered : null);

/** The colour of what is being made, or of what is being changed. */
const workColour = (snapshot: Snapshot): string =>
  colourOf(snapshot.classes, workedOn(snapshot)?.class_id ?? snapshot.classId);

function overlayOf(snapshot: Snapshot): Overlay {
  const { points, box, candidate, pending } = previewSegment(snapshot.segment);
  const mask = candidate && maskOf(candidate.segmentation);
  return { ...brushOverlay(snapshot), points, box, pending, mask, colour: workColour(snapshot) };
}

function brushOverlay(snapshot: Snapshot): Pick<Overlay, "stroke" | "ring"> {
  const { stroke, ring } = previewBrush(snapshot.brush);
  const target = workedOn(snapshot);
  return { ring, stroke: stroke && { ...stroke, mask: target && pixelsOf(target) } };
}

type Part = (snapshot: Snapshot) => unknown;

const SHAPE_PARTS: readonly Part[] = [
  ({ history }) => history,
  ({ hidden }) => hidden,
  ({ selected }) => selected,
  ({ classes }) => classes,
  hoveredOf,
  replaced,
];
const OVERLAY_PARTS: readonly Part[] = [
  ({ segment }) => segment,
  ({ brush }) => brush,
  workedOn,
  ({ classes }) => classes,
  ({ classId }) => classId,
];

const unchanged = (parts: readonly Part[], a: Snapshot, b: Snapshot) =>
  parts.every((part) => part(a) === part(b));

/** Makes scenes of snapshots; parts for which nothing changed stay the same objects and are not drawn again. */
export function sceneMaker(photo: CanvasImageSource | null): (snapshot: Snapshot) => Scene {
  let last: { snapshot: Snapshot; scene: Scene } | null = null;
  return (snapshot) => {
    const keep = (parts: readonly Part[]) =>
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
