import type { Ring } from "../geometry/outline";
import { type Polygon, withHole } from "../geometry/polygon";
import { distance, inside, type Vector } from "../geometry/vector";
import { type Annotation, newAnnotation } from "../model/annotation";
import { coversPixels, placeInside, polygonGeometry } from "../model/geometry";
import { theOnly } from "../model/lookup";
import { type Effect, type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

/**
 * A polygon under way: its points so far, and the pointer, to which the next edge reaches, in image pixels. `target`
 * is the polygon that gets it as another part or as a hole; null makes a new one.
 */
export interface PolygonState {
  readonly points: readonly Vector[];
  readonly at: Vector | null;
  readonly target: string | null;
  readonly as: "part" | "hole";
}

export const idlePolygon: PolygonState = { points: [], at: null, target: null, as: "part" };

/** In CSS pixels: a click so near to a point means that point. */
const REACH = 8;

type Result = Stepped<PolygonState>;

export function stepPolygon(state: PolygonState, event: ToolEvent, context: ToolContext): Result {
  switch (event.type) {
    case "move":
      return stay({ ...state, at: event.pointer.at });
    case "leave":
      return stay({ ...state, at: null });
    case "down":
      return state.points.length === 0 ? begin(state, event, context) : goOn(state, event, context);
    case "back":
      return stay(withoutLast(state));
    case "cancel":
      return stay({ ...idlePolygon, at: state.at });
    case "commit":
      return close(state, context);
    default:
      return stay(state);
  }
}

/** The polygon that a hole or a further part would go to: the one that is selected. */
export function extendable({
  image,
  selected,
  locked,
}: Pick<ToolContext, "image" | "selected" | "locked">): Annotation | null {
  const annotation = theOnly(image, selected);
  return annotation?.kind === "polygon" && !locked.has(annotation.id) ? annotation : null;
}

export interface PolygonPreview {
  readonly points: readonly Vector[];
  readonly at: Vector | null;
  /** A click here would close the polygon. */
  readonly closes: boolean;
}

export const previewPolygon = (state: PolygonState, scale: number): PolygonPreview => ({
  points: state.points,
  at: state.at,
  closes: state.at !== null && isEnd(state, state.at, scale),
});

const withoutLast = (state: PolygonState): PolygonState => ({ ...state, points: state.points.slice(0, -1) });

const near = (a: Vector | undefined, b: Vector, scale: number) =>
  a !== undefined && distance(a, b) * scale <= REACH;

/** The first point closes, and so does the last one: that is what a double click comes to. */
const isEnd = ({ points }: PolygonState, at: Vector, scale: number): boolean =>
  points.length >= 3 && (near(points[0], at, scale) || near(points.at(-1), at, scale));

type Down = Extract<ToolEvent, { type: "down" }>;

/** The first point says what it becomes: with Shift a part of the selected polygon, with Alt a hole in it. */
function begin(state: PolygonState, { pointer, shift, removes }: Down, context: ToolContext): Result {
  const target = shift || removes ? extendable(context) : null;
  if (removes && !target)
    return stay(state, say("Select a polygon first: then Alt click begins a hole in it."));
  const start = { ...state, target: target?.id ?? null, as: removes ? "hole" : "part" } as const;
  return click(start, pointer.at, context);
}

/** Who holds Alt for a hole goes on holding it; else it takes the last point back. */
const goOn = (state: PolygonState, { pointer, removes }: Down, context: ToolContext): Result =>
  removes && state.as === "part" ? stay(withoutLast(state)) : click(state, pointer.at, context);

function click(state: PolygonState, at: Vector, context: ToolContext): Result {
  const { image, scale } = context;
  if (isEnd(state, at, scale)) return close(state, context);
  if (near(state.points.at(-1), at, scale)) return stay(state);
  if (state.points.length === 0 && !inside(at, image)) return stay(state);
  return stay({ ...state, at, points: [...state.points, placeInside(at, image)] });
}

function close(state: PolygonState, context: ToolContext): Result {
  const { points, at } = state;
  if (points.length < 3) return stay(state, say("A polygon needs at least three points."));
  const target = context.image.annotations.get(state.target ?? "");
  if (state.target && !target?.polygon)
    return stay(state, say("The polygon that this was for is gone; Escape gives this up."));
  const effects = target?.polygon
    ? extended(target.id, target.polygon, state, context)
    : added(ringOf(points), context);
  const refused = effects.some(({ type }) => type === "say");
  return stay(refused ? state : { ...idlePolygon, at }, ...effects);
}

function added(ring: Ring, { image, classId, me, newId }: ToolContext): Effect[] {
  const polygon = [[ring]];
  if (!coversPixels(polygon, image)) return [say("This polygon covers no pixel.")];
  if (!classId) return [say("Choose a class first; a manager adds classes in the project.")];
  const made = { id: newId(), class_id: classId, source: "polygon", ...polygonGeometry(polygon) } as const;
  const annotation = newAnnotation(me, made);
  return [
    { type: "add", annotation },
    { type: "made", ids: [annotation.id] },
  ];
}

function extended(
  id: string,
  polygon: Polygon,
  { points, as }: PolygonState,
  { image }: ToolContext,
): Effect[] {
  const ring = ringOf(points);
  const wider = as === "hole" ? withHole(polygon, ring, image) : [...polygon, [ring]];
  if (!wider) return [say("A hole lies inside the polygon, and leaves something of it.")];
  if (!coversPixels([[ring]], image)) return [say("This covers no pixel.")];
  const deed = as === "hole" ? "hole in" : "new part of";
  return [{ type: "change", deed, changes: new Map([[id, polygonGeometry(wider)]]) }];
}

const ringOf = (points: readonly Vector[]): Ring => points.flatMap(({ x, y }) => [x, y]);
