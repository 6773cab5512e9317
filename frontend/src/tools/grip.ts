import { type Box, fromXywh, grow } from "../geometry/box";
import { type Handle, handleAt, resizedBox } from "../geometry/handles";
import { subtract, type Vector } from "../geometry/vector";
import { edgeAt, insertVertex, moveVertex, type Vertex, vertexAt } from "../geometry/vertices";
import type { Change } from "../model/actions/changeAnnotations";
import { movedBy, shiftWithin } from "../model/actions/moveAnnotations";
import { type Annotation, boundsOf, hits } from "../model/annotation";
import { boxGeometry, placeInside, polygonGeometry } from "../model/geometry";
import type { LabeledImage } from "../model/labeledImage";
import { theOnly } from "../model/lookup";
import type { ToolContext } from "./tool";

/** What the pointer took hold of, of what is selected; `ids` are the annotations that a drag changes. */
export type Grip = { readonly ids: readonly string[] } & (
  | { readonly type: "body" }
  | { readonly type: "handle"; readonly handle: Handle }
  | { readonly type: "vertex"; readonly vertex: Vertex }
  | { readonly type: "edge"; readonly vertex: Vertex }
);

/** In CSS pixels. */
const REACH = 8;
const EDGE_REACH = 5;

type World = Pick<ToolContext, "image" | "selected" | "hidden" | "locked" | "readOnly" | "scale">;

const isFree = ({ hidden, locked, readOnly }: World, id: string) =>
  !readOnly && !hidden.has(id) && !locked.has(id);

export function gripAt(p: Vector, world: World): Grip | null {
  const only = theOnly(world.image, world.selected);
  const fine = only && isFree(world, only.id) ? fineGrip(only, p, world.scale) : null;
  return fine ?? bodyGrip(p, world);
}

function fineGrip({ id, kind, bbox, polygon }: Annotation, p: Vector, scale: number): Grip | null {
  const ids = [id];
  if (kind === "box" && bbox) {
    const handle = handleAt(fromXywh(bbox), p, REACH / scale);
    return handle && { type: "handle", handle, ids };
  }
  if (!polygon) return null;
  const vertex = vertexAt(polygon, p, REACH / scale);
  if (vertex) return { type: "vertex", vertex, ids };
  const edge = edgeAt(polygon, p, EDGE_REACH / scale);
  return edge && { type: "edge", vertex: edge, ids };
}

/** What is selected goes along with a drag on any of it. */
function bodyGrip(p: Vector, world: World): Grip | null {
  const movable = world.selected
    .flatMap((id) => world.image.annotations.get(id) ?? [])
    .filter(({ id, kind }) => kind !== "tag" && isFree(world, id));
  if (!movable.some((annotation) => hits(annotation, p))) return null;
  return { type: "body", ids: movable.map(({ id }) => id) };
}

const DEEDS = {
  body: "move of",
  handle: "resize of",
  vertex: "point move on",
  edge: "new point on",
} as const;

export const deedOf = ({ type }: Grip): string => DEEDS[type];

/** How far a drag moves what keeps its shape: whole pixels, and not out of the image. */
export const shiftOf = ({ type, ids }: Grip, from: Vector, to: Vector, image: LabeledImage): Vector =>
  type === "body" ? shiftWithin(image, ids, subtract(to, from)) : { x: 0, y: 0 };

/** What a drag from one place to another makes of the gripped annotations. */
export function dragged(grip: Grip, from: Vector, to: Vector, image: LabeledImage): Map<string, Change> {
  const annotations = grip.ids.flatMap((id) => image.annotations.get(id) ?? []);
  const by = shiftOf(grip, from, to, image);
  if (grip.type === "body" && by.x === 0 && by.y === 0) return new Map();
  return new Map(annotations.map((one) => [one.id, draggedOne(one, grip, by, to, image)]));
}

const boxOf = (annotation: Annotation | undefined): Box =>
  (annotation && boundsOf(annotation)) ?? { x: 0, y: 0, w: 0, h: 0 };

function draggedOne(one: Annotation, grip: Grip, by: Vector, to: Vector, image: LabeledImage): Change {
  const { polygon } = one;
  switch (grip.type) {
    case "body":
      return movedBy(one, by, image);
    case "handle":
      return boxGeometry(resizedBox(boxOf(one), grip.handle, to, image));
    case "vertex":
      return polygon ? polygonGeometry(moveVertex(polygon, grip.vertex, placeInside(to, image))) : {};
    case "edge":
      return polygon ? polygonGeometry(insertVertex(polygon, grip.vertex, placeInside(to, image))) : {};
  }
}

/** Those that lie wholly inside a marquee; large things behind what people mean stay out of it that way. */
export function insideOf(marquee: Box, { image, hidden, locked }: World): string[] {
  const room = grow(marquee, 1e-6);
  const holds = ({ x, y, w, h }: Box) =>
    x >= room.x && y >= room.y && x + w <= room.x + room.w && y + h <= room.y + room.h;
  return [...image.annotations.values()]
    .filter(({ id, kind }) => kind !== "tag" && !hidden.has(id) && !locked.has(id))
    .filter((annotation) => holds(boxOf(annotation)))
    .map(({ id }) => id);
}
