import { current } from "../../editor/conflicts";
import type { Snapshot } from "../../editor/snapshot";
import { isWorking, workedOn } from "../../editor/toolbox";
import { verticesOf } from "../../geometry/vertices";
import { type Annotation, type LabelClass, pixelsOf } from "../../model/annotation";
import { type Conversion, draftOf } from "../../model/conversion";
import type { Proposal } from "../../model/proposal";
import { type Emphasis, NO_OVERLAY, type Overlay, type Scene, type Shape } from "../../render/scene";
import { previewBox } from "../../tools/box";
import { previewBrush } from "../../tools/brush";
import { previewPolygon } from "../../tools/polygon";
import { previewProposing, shownProposals } from "../../tools/proposals";
import { previewSegment } from "../../tools/segmentPreview";
import { previewSelect } from "../../tools/select";
import { pastOverlay } from "../history/pastOverlay";
import { objectColour, photoFilter } from "./look";
import { outlinesOf } from "./versions";

const NO_CLASS = "#808080";
const NO_PROPOSALS: readonly Proposal[] = [];

const colourOf = (classes: readonly LabelClass[], id: string | null): string =>
  classes.find((labelClass) => labelClass.id === id)?.colour ?? NO_CLASS;

/** What the tool in use is about to replace: only its edge stays, so that the new one can be judged. */
const replaced = (snapshot: Snapshot): string | null =>
  snapshot.converting?.id ?? (isWorking(snapshot) ? replacedByWork(snapshot) : null);

/** A further part or a hole leaves the rest of a polygon as it is. */
const replacedByWork = (snapshot: Snapshot): string | null =>
  snapshot.tool === "polygon" ? null : (workedOn(snapshot)?.id ?? null);

/** What is being dragged is drawn where it is dragged to, and nowhere else. */
const draggedOf = ({ select: { press } }: Snapshot): readonly string[] | undefined =>
  press?.dragged ? press.grip?.ids : undefined;

/** So many that drawing them on top of everything would take long with every move. */
const MANY_SELECTED = 100;

const isMany = ({ selected }: Snapshot): boolean => selected.length > MANY_SELECTED;

function shapesOf(snapshot: Snapshot): Shape[] {
  const { history, hidden } = snapshot;
  const [old, dragged] = [replaced(snapshot), draggedOf(snapshot)];
  const many = new Set(isMany(snapshot) ? snapshot.selected : []);
  const emphasis = (id: string): Emphasis => (id === old ? "faint" : many.has(id) ? "selected" : "normal");
  const colour = colours(snapshot);
  return [...history.present.annotations.values()]
    .filter(({ id }) => !hidden.has(id) && !dragged?.includes(id))
    .map((annotation) => shapeOf(annotation, colour(annotation), emphasis(annotation.id)));
}

/** What is added to the shapes of what is selected or pointed at. */
function emphasisedOf(snapshot: Snapshot): Shape[] {
  const { history, hidden, selected } = snapshot;
  const [hovered, old, dragged] = [hoveredOf(snapshot), replaced(snapshot), draggedOf(snapshot)];
  const colour = colours(snapshot);
  const shapes = (ids: readonly string[], emphasis: Emphasis) =>
    ids
      .filter((id) => !hidden.has(id) && id !== old && !dragged?.includes(id))
      .flatMap((id) => history.present.annotations.get(id) ?? [])
      .map((annotation) => ({ annotation, colour: colour(annotation), emphasis, outlineOnly: false }));
  const pointedAt = hovered !== null && !selected.includes(hovered) ? [hovered] : [];
  return [...shapes(pointedAt, "hovered"), ...shapes(isMany(snapshot) ? [] : selected, "selected")];
}

function colours({ classes, look }: Snapshot): (annotation: Annotation) => string {
  if (look.colourBy === "object") return ({ id }) => objectColour(id);
  const known = new Map(classes.map(({ id, colour }) => [id, colour]));
  return ({ class_id }) => known.get(class_id) ?? NO_CLASS;
}

const shapes = new WeakMap<object, Shape>();

/** What of an annotation is drawn; news from the server leave it the same object where they say nothing of it. */
const geometryOf = ({ segmentation, polygon, bbox }: Annotation): object | null =>
  segmentation ?? polygon ?? bbox;

/** The same shape for as long as nothing of it changes: others are drawn anew. */
function shapeOf(annotation: Annotation, colour: string, emphasis: Emphasis): Shape {
  const geometry = geometryOf(annotation) ?? annotation;
  const known = shapes.get(annotation) ?? shapes.get(geometry);
  const same =
    known?.colour === colour && known.emphasis === emphasis && known.annotation.id === annotation.id;
  const shape = same ? known : { annotation, colour, emphasis, outlineOnly: false };
  shapes.set(annotation, shape);
  // Of copies, which can share their geometry, the newest has it.
  shapes.set(geometry, shape);
  return shape;
}

const hoveredOf = ({ tool, select }: Snapshot) => (tool === "select" ? select.hovered : null);

/** The colour of what is being made, or of what is being changed. */
export const workColour = (snapshot: Snapshot): string =>
  colourOf(snapshot.classes, workedOn(snapshot)?.class_id ?? snapshot.classId);

function overlayOf(snapshot: Snapshot): Overlay {
  const overlay = workOf(snapshot);
  if (snapshot.past) return { ...overlay, shapes: [...overlay.shapes, ...pastOverlay(snapshot).shapes] };
  if (snapshot.conflicts.length === 0) return overlay;
  const { conflicts, history } = snapshot;
  const both = conflicts.flatMap((versions) => outlinesOf(current(versions, history.present)));
  return { ...overlay, shapes: [...overlay.shapes, ...both] };
}

function workOf(snapshot: Snapshot): Overlay {
  const { crosshair } = snapshot;
  const emphasised = emphasisedOf(snapshot);
  const overlay = { ...NO_OVERLAY, colour: workColour(snapshot), crosshair, emphasised };
  if (snapshot.converting) return { ...overlay, ...conversionOverlay(snapshot.converting, snapshot) };
  switch (snapshot.tool) {
    case "select":
      return { ...overlay, ...selectOverlay(snapshot) };
    case "segment":
      return { ...overlay, ...segmentOverlay(snapshot) };
    case "brush":
    case "eraser":
      return { ...overlay, ...brushOverlay(snapshot) };
    case "tag":
    case "comment":
      return overlay;
    case "box":
      return { ...overlay, box: previewBox(snapshot.box) };
    case "polygon":
      return { ...overlay, line: previewPolygon(snapshot.polygon, snapshot.viewport.scale) };
    case "proposals":
      return { ...overlay, ...proposalsOverlay(snapshot) };
  }
}

/** So many handles would hide what they are of. */
const HANDLES_SHOWN = 400;

function conversionOverlay(converting: Conversion, { history, classes }: Snapshot): Partial<Overlay> {
  const draft = draftOf(converting, history.present);
  if (!draft) return {};
  const { annotation, points } = draft;
  const colour = colourOf(classes, annotation.class_id);
  const handles = points <= HANDLES_SHOWN ? verticesOf(annotation.polygon ?? []).map(({ at }) => at) : [];
  return { handles, shapes: [{ annotation, colour, emphasis: "normal", outlineOnly: false }] };
}

function segmentOverlay({ segment }: Snapshot): Partial<Overlay> {
  const { points, held, box, candidate, pending } = previewSegment(segment);
  return { points, handle: held, box, pending, candidate };
}

function proposalsOverlay({ proposing, proposals, history }: Snapshot): Partial<Overlay> {
  const { lit, marquee } = previewProposing(proposing, { proposals, image: history.present });
  return { lit, box: marquee };
}

/** Only while somebody works with them: else they would be clutter. */
const proposalsOf = ({ tool, proposing, proposals, history }: Snapshot): readonly Proposal[] =>
  tool === "proposals"
    ? shownProposals(proposing.filter, { proposals, image: history.present })
    : NO_PROPOSALS;

function brushOverlay(snapshot: Snapshot): Partial<Overlay> {
  const { stroke, ring } = previewBrush(snapshot.brush);
  const target = workedOn(snapshot);
  return { ring, stroke: stroke && { ...stroke, mask: target && pixelsOf(target) } };
}

function selectOverlay({ select, history, selected, classes, readOnly, locked }: Snapshot): Partial<Overlay> {
  const free = readOnly ? [] : selected.filter((id) => !locked.has(id));
  const { drafts, by, marquee, handles, vertex } = previewSelect(select, history.present, free);
  const shapes = drafts.map((annotation) => ({
    annotation,
    by,
    colour: colourOf(classes, annotation.class_id),
    emphasis: "selected" as const,
    outlineOnly: false,
  }));
  return { shapes, box: marquee, handles, handle: vertex };
}

type Part = (snapshot: Snapshot) => unknown;

const SHAPE_PARTS: readonly Part[] = [
  ({ history }) => history,
  ({ hidden }) => hidden,
  (snapshot) => isMany(snapshot) && snapshot.selected,
  ({ classes }) => classes,
  ({ look }) => look.colourBy,
  replaced,
  draggedOf,
];
const STYLE_PARTS: readonly Part[] = [({ look }) => look.opacity, ({ look }) => look.outlines];
/** Where each tool keeps what it is doing. */
const STATE_OF = {
  select: "select",
  segment: "segment",
  brush: "brush",
  eraser: "brush",
  box: "box",
  polygon: "polygon",
  // It remembers nothing; any part will do.
  tag: "select",
  proposals: "proposing",
  comment: "comment",
} as const;

const OVERLAY_PARTS: readonly Part[] = [
  ({ conflicts }) => conflicts,
  ({ past }) => past,
  ({ converting }) => converting,
  ({ tool }) => tool,
  (snapshot) => snapshot[STATE_OF[snapshot.tool]],
  ({ history }) => history,
  ({ proposals }) => proposals,
  ({ selected }) => selected,
  ({ hidden }) => hidden,
  ({ look }) => look.colourBy,
  ({ locked }) => locked,
  ({ classes }) => classes,
  ({ classId }) => classId,
  ({ crosshair }) => crosshair,
  ({ viewport, tool }) => tool === "polygon" && viewport.scale,
];

const unchanged = (parts: readonly Part[], a: Snapshot, b: Snapshot) =>
  parts.every((part) => part(a) === part(b));

/** Makes scenes of snapshots; parts for which nothing changed stay the same objects and are not drawn again. */
export function sceneMaker(photo: Scene["photo"]): (snapshot: Snapshot) => Scene {
  let last: { snapshot: Snapshot; scene: Scene } | null = null;
  return (snapshot) => {
    const keep = (parts: readonly Part[]) =>
      last && unchanged(parts, last.snapshot, snapshot) ? last.scene : null;
    const scene: Scene = {
      screen: snapshot.screen,
      viewport: snapshot.viewport,
      image: snapshot.history.present,
      photo,
      photoFilter: photoFilter(snapshot.look),
      style: keep(STYLE_PARTS)?.style ?? snapshot.look,
      proposals: proposalsOf(snapshot),
      shapes: keep(SHAPE_PARTS)?.shapes ?? shapesOf(snapshot),
      overlay: keep(OVERLAY_PARTS)?.overlay ?? overlayOf(snapshot),
    };
    last = { snapshot, scene };
    return scene;
  };
}
