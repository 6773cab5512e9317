import { type Corners, cornersBetween, fromCorners } from "../geometry/box";
import { HANDLES, placeOf } from "../geometry/handles";
import { add, distance, type Vector } from "../geometry/vector";
import { deleteVertex, type Vertex, verticesOf } from "../geometry/vertices";
import { type Annotation, boundsOf } from "../model/annotation";
import { coversPixels, polygonGeometry } from "../model/geometry";
import type { LabeledImage } from "../model/labeledImage";
import { annotationsAt, objectsOf, theOnly } from "../model/lookup";
import { deedOf, dragged, type Grip, gripAt, insideOf, shiftOf } from "./grip";
import { type Effect, type Pointer, type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

interface Press {
  readonly from: Pointer;
  readonly to: Vector;
  readonly shift: boolean;
  /** Null: what lies there is not selected, so a drag draws a marquee. */
  readonly grip: Grip | null;
  readonly dragged: boolean;
}

/**
 * Picking and changing what is there already. `hovered` is what a click would pick first, `vertex` the point of the
 * selected polygon that was last touched.
 */
export interface SelectState {
  readonly hovered: string | null;
  readonly press: Press | null;
  readonly vertex: Vertex | null;
}

export const idleSelect: SelectState = { hovered: null, press: null, vertex: null };

const DRAG_STARTS = 4;

type Result = Stepped<SelectState>;

export function stepSelect(state: SelectState, event: ToolEvent, context: ToolContext): Result {
  switch (event.type) {
    case "move":
      return stay(moved(state, event.pointer, context));
    case "leave":
      return stay({ ...state, hovered: null });
    case "down":
      return press(state, event, context);
    case "up":
      return state.press ? release(moved(state, event.pointer, context), context) : stay(state);
    case "cancel":
      return state.press ? stay({ ...state, press: null }) : stay(idleSelect, select());
    case "back":
      return stay({ ...state, press: null });
    case "deletePoint":
      return state.vertex ? withoutVertex(state, state.vertex, context) : stay(state);
    case "next":
      return stay({ ...state, vertex: null }, select(...neighbour(context, 1)));
    case "previous":
      return stay({ ...state, vertex: null }, select(...neighbour(context, -1)));
    default:
      return stay(state);
  }
}

export interface SelectPreview {
  /** What is being dragged, as it would be; what only moves is as it is, to be drawn `by` farther. */
  readonly drafts: readonly Annotation[];
  readonly by: Vector;
  readonly marquee: Corners | null;
  /** Where the one that is selected can be taken hold of, in image pixels. */
  readonly handles: readonly Vector[];
  readonly vertex: Vector | null;
}

export function previewSelect(
  { press, vertex }: SelectState,
  image: LabeledImage,
  selected: readonly string[],
): SelectPreview {
  const grip = press?.dragged ? press.grip : null;
  const drafts = press && grip ? draftsOf(press, grip, image) : [];
  const by = press && grip ? shiftOf(grip, press.from.at, press.to, image) : { x: 0, y: 0 };
  const only = theOnly(image, selected);
  const shown = drafts.find(({ id }) => id === only?.id) ?? only;
  const vertices = shown?.polygon ? verticesOf(shown.polygon) : [];
  const handles = (shown?.polygon ? vertices.map(({ at }) => at) : boxHandles(shown)).map((at) =>
    add(at, by),
  );
  const touched = vertices.findIndex((one) => vertex && sameVertex(one, vertex));
  return {
    drafts,
    by,
    marquee: press?.dragged && !press.grip ? cornersBetween(press.from.at, press.to) : null,
    handles,
    vertex: handles[touched] ?? null,
  };
}

const boxHandles = (annotation: Annotation | undefined): Vector[] => {
  const box = annotation?.kind === "box" ? boundsOf(annotation) : null;
  return box ? HANDLES.map((handle) => placeOf(box, handle)) : [];
};

const draftsOf = ({ from, to }: Press, grip: Grip, image: LabeledImage): Annotation[] => {
  if (grip.type === "body") return grip.ids.flatMap((id) => image.annotations.get(id) ?? []);
  return [...dragged(grip, from.at, to, image)].flatMap(([id, change]) => {
    const annotation = image.annotations.get(id);
    return annotation ? [{ ...annotation, ...change }] : [];
  });
};

const sameVertex = (a: Vertex, b: Vertex) => a.part === b.part && a.ring === b.ring && a.index === b.index;

const select = (...ids: readonly string[]) => ({ type: "select", ids }) as const;

/** The same state while nothing else lies under the pointer, so that nothing is drawn again. */
function moved(state: SelectState, pointer: Pointer, context: ToolContext): SelectState {
  const { press } = state;
  if (press) {
    const far = distance(press.from.screen, pointer.screen) >= DRAG_STARTS;
    return { ...state, press: { ...press, to: pointer.at, dragged: press.dragged || far } };
  }
  const hovered = idsAt(pointer.at, context)[0] ?? null;
  return hovered === state.hovered ? state : { ...state, hovered };
}

function press(
  state: SelectState,
  { pointer, removes, shift }: Extract<ToolEvent, { type: "down" }>,
  context: ToolContext,
): Result {
  const grip = shift ? null : gripAt(pointer.at, context);
  const vertex = grip?.type === "vertex" ? grip.vertex : null;
  if (vertex && removes) return withoutVertex(state, vertex, context);
  return stay({ ...state, vertex, press: { from: pointer, to: pointer.at, shift, grip, dragged: false } });
}

function release(state: SelectState, context: ToolContext): Result {
  const { press } = state;
  const free = { ...state, press: null };
  if (!press) return stay(free);
  if (!press.dragged) return press.grip?.type === "vertex" ? stay(free) : stay(free, picked(press, context));
  return press.grip ? stay(free, ...changed(press, press.grip, context)) : stay(free, caught(press, context));
}

/** With Shift one more or one less; else the topmost, or what lies below the one that is selected already. */
function picked({ from, shift }: Press, context: ToolContext): Effect {
  const { selected } = context;
  const ids = idsAt(from.at, context);
  const [top] = ids;
  if (!shift) return select(...below(ids, selected));
  if (top === undefined) return select(...selected);
  return select(...(selected.includes(top) ? selected.filter((id) => id !== top) : [...selected, top]));
}

function below(ids: readonly string[], selected: readonly string[]): string[] {
  const next = (ids.indexOf(selected[0] ?? "") + 1) % Math.max(ids.length, 1);
  return ids.slice(next, next + 1);
}

function caught({ from, to, shift }: Press, context: ToolContext): Effect {
  const ids = insideOf(fromCorners(cornersBetween(from.at, to)), context);
  return select(...(shift ? new Set([...context.selected, ...ids]) : ids));
}

function changed({ from, to }: Press, grip: Grip, { image }: ToolContext): Effect[] {
  const changes = dragged(grip, from.at, to, image);
  if (changes.size === 0) return [];
  const nothing = [...changes.values()].some(({ polygon, bbox }) =>
    polygon ? !coversPixels(polygon, image) : !bbox || bbox[2] === 0 || bbox[3] === 0,
  );
  if (nothing) return [say("That would leave nothing of it.")];
  return [{ type: "change", deed: deedOf(grip), changes }];
}

function withoutVertex(state: SelectState, vertex: Vertex, { image, selected }: ToolContext): Result {
  const polygon = theOnly(image, selected)?.polygon;
  const [id = ""] = selected;
  const free = { ...state, press: null, vertex: null };
  if (!polygon || !verticesOf(polygon).some((one) => sameVertex(one, vertex))) return stay(free);
  const rest = deleteVertex(polygon, vertex);
  if (!rest || !coversPixels(rest, image))
    return stay(free, say("A polygon needs at least three points. Del deletes the whole of it."));
  const changes = new Map([[id, polygonGeometry(rest)]]);
  return stay(free, { type: "change", deed: "point deletion on", changes });
}

const idsAt = (at: Vector, { image, hidden, locked }: ToolContext): string[] =>
  annotationsAt(image, at, hidden)
    .map(({ id }) => id)
    .filter((id) => !locked.has(id));

/** The next or previous object after the selected one, the first or last where none is; as a list of its id. */
export function neighbour(
  { image, hidden, selected }: Pick<ToolContext, "image" | "hidden" | "selected">,
  step: 1 | -1,
): string[] {
  const ids = objectsOf(image)
    .map(({ id }) => id)
    .filter((id) => !hidden.has(id));
  const at = ids.indexOf(selected[0] ?? "");
  const next = at < 0 ? (step > 0 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
  return ids.slice(next, next + 1);
}
