import type { Ring } from "../geometry/outline";
import { distance, inside, type Vector } from "../geometry/vector";
import { newAnnotation } from "../model/annotation";
import { coversPixels, placeInside, polygonGeometry } from "../model/geometry";
import { type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

/** A polygon under way: its points so far, and the pointer, to which the next edge reaches. In image pixels. */
export interface PolygonState {
  readonly points: readonly Vector[];
  readonly at: Vector | null;
}

export const idlePolygon: PolygonState = { points: [], at: null };

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
      return event.removes ? stay(withoutLast(state)) : click(state, event.pointer.at, context);
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

export interface PolygonPreview {
  readonly points: readonly Vector[];
  readonly at: Vector | null;
  /** A click here would close the polygon. */
  readonly closes: boolean;
}

export const previewPolygon = (state: PolygonState, scale: number): PolygonPreview => ({
  ...state,
  closes: state.at !== null && isEnd(state, state.at, scale),
});

const withoutLast = (state: PolygonState): PolygonState => ({ ...state, points: state.points.slice(0, -1) });

const near = (a: Vector | undefined, b: Vector, scale: number) =>
  a !== undefined && distance(a, b) * scale <= REACH;

/** The first point closes, and so does the last one: that is what a double click comes to. */
const isEnd = ({ points }: PolygonState, at: Vector, scale: number): boolean =>
  points.length >= 3 && (near(points[0], at, scale) || near(points.at(-1), at, scale));

function click(state: PolygonState, at: Vector, context: ToolContext): Result {
  const { image, scale } = context;
  if (isEnd(state, at, scale)) return close(state, context);
  if (near(state.points.at(-1), at, scale)) return stay(state);
  if (state.points.length === 0 && !inside(at, image)) return stay(state);
  return stay({ at, points: [...state.points, placeInside(at, image)] });
}

function close(state: PolygonState, context: ToolContext): Result {
  const { points } = state;
  const { image, classId, me, newId } = context;
  if (points.length < 3) return stay(state, say("A polygon needs at least three points."));
  const polygon = [[ringOf(points)]];
  if (!coversPixels(polygon, image)) return stay(state, say("This polygon covers no pixel."));
  if (!classId) return stay(state, say("Choose a class first; a manager adds classes in the project."));
  const made = { id: newId(), class_id: classId, source: "polygon", ...polygonGeometry(polygon) } as const;
  const annotation = newAnnotation(me, made);
  return stay(
    { ...idlePolygon, at: state.at },
    { type: "add", annotation },
    { type: "select", ids: [annotation.id] },
  );
}

const ringOf = (points: readonly Vector[]): Ring => points.flatMap(({ x, y }) => [x, y]);
