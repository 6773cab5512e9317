import { maskArea } from "../geometry/mask";
import { unite, without } from "../geometry/maskAlgebra";
import { type Stroke, strokeMask, type Tip } from "../geometry/stroke";
import { clamp, distance, type Vector } from "../geometry/vector";
import { type Annotation, newAnnotation, pixelsOf } from "../model/annotation";
import { maskGeometry } from "../model/geometry";
import { theOnly } from "../model/lookup";
import { type Effect, type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

/**
 * Brush and eraser share their size and tip. `stroke` is the gesture under way; `last` is where the one before ended, from
 * where Shift draws a straight line; `at` is the pointer, for the ring. All in image pixels.
 */
export interface BrushState {
  readonly diameter: number;
  readonly tip: Tip;
  readonly stroke: { readonly points: readonly Vector[]; readonly erases: boolean } | null;
  readonly last: Vector | null;
  readonly at: Vector | null;
}

export const idleBrush: BrushState = { diameter: 24, tip: "round", stroke: null, last: null, at: null };

/** Size and tip stay with the person, whatever tool they take in between. */
export const brushPutDown = ({ diameter, tip }: BrushState): BrushState => ({ ...idleBrush, diameter, tip });

const SMALLEST = 1;
const LARGEST = 1000;
const STEP = 1.2;

type Result = Stepped<BrushState>;

export const stepBrush =
  (mode: "brush" | "eraser") =>
  (state: BrushState, event: ToolEvent, context: ToolContext): Result => {
    switch (event.type) {
      case "down":
        return begin(state, event, mode === "eraser" || event.removes, context);
      case "move":
        return stay(moved(state, event.pointer.at, context.scale));
      case "up":
        return state.stroke ? finish(moved(state, event.pointer.at, context.scale), context) : stay(state);
      case "leave":
        return stay({ ...state, at: null });
      case "cancel":
      case "back":
        return stay({ ...state, stroke: null });
      case "commit":
        return state.stroke ? stay(state) : stay({ ...state, last: null }, ...finished(context.selected));
      case "larger":
        return stay(resized(state, Math.max(state.diameter + 1, Math.round(state.diameter * STEP))));
      case "smaller":
        return stay(resized(state, Math.min(state.diameter - 1, Math.round(state.diameter / STEP))));
      case "otherTip":
        return stay({ ...state, tip: state.tip === "round" ? "square" : "round" });
      default:
        return stay(state);
    }
  };

/** The next stroke begins a new mask. */
const finished = (selected: readonly string[]): Effect[] => [
  { type: "select", ids: [] },
  ...selected.slice(0, 1).map((id): Effect => ({ type: "ask", id })),
];

type Selected = Pick<ToolContext, "image" | "selected" | "locked">;

/** The mask that a stroke changes: the one that is selected. */
export function paintable({ image, selected, locked }: Selected): Annotation | null {
  const annotation = theOnly(image, selected);
  return annotation?.kind === "mask" && !locked.has(annotation.id) ? annotation : null;
}

export interface BrushPreview {
  readonly stroke: (Stroke & { readonly erases: boolean }) | null;
  readonly ring: { readonly at: Vector; readonly radius: number; readonly tip: Tip } | null;
}

export function previewBrush({ stroke, at, diameter, tip }: BrushState): BrushPreview {
  const radius = diameter / 2;
  return { stroke: stroke && { ...stroke, radius, tip }, ring: at && { at, radius, tip } };
}

const resized = (state: BrushState, diameter: number): BrushState => ({
  ...state,
  diameter: clamp(diameter, SMALLEST, LARGEST),
});

function begin(
  state: BrushState,
  { pointer: { at }, shift }: Extract<ToolEvent, { type: "down" }>,
  erases: boolean,
  context: ToolContext,
): Result {
  const why = whyNot(erases, context);
  if (why) return stay(state, say(why));
  const points = shift && state.last ? [state.last, at] : [at];
  return stay({ ...state, at, stroke: { points, erases } });
}

/** Why a stroke could not change anything, as a sentence. */
function whyNot(erases: boolean, context: ToolContext): string | null {
  if (paintable(context)) return null;
  if (context.selected.length > 1) return "Select one mask to paint on, or none to paint a new one.";
  if (context.selected.some((id) => context.locked.has(id))) return "It is locked. Press L to unlock it.";
  if (context.selected.length === 1) return "Only masks can be painted. Press Esc to begin a new one.";
  if (erases) return "Select the mask to erase from.";
  return context.classId ? null : "Choose a class first; a manager adds classes in the project.";
}

/** A stroke takes a point for each pixel that the pointer moves on the screen: more would not be seen. */
function moved(state: BrushState, at: Vector, scale: number): BrushState {
  const { stroke } = state;
  const last = stroke?.points.at(-1);
  if (!stroke || !last || distance(last, at) * scale < 1) return { ...state, at };
  return { ...state, at, stroke: { ...stroke, points: [...stroke.points, at] } };
}

function finish(state: BrushState, context: ToolContext): Result {
  const { stroke, diameter, tip } = state;
  if (!stroke) return stay(state);
  const free = { ...state, stroke: null, last: stroke.points.at(-1) ?? null };
  return stay(
    free,
    ...effectsOf({ points: stroke.points, radius: diameter / 2, tip }, stroke.erases, context),
  );
}

function effectsOf(stroke: Stroke, erases: boolean, context: ToolContext): Effect[] {
  const { image, classId, me, newId } = context;
  const painted = strokeMask(stroke, image);
  const target = paintable(context);
  if (target) return repainted(target, painted, erases, context);
  if (painted.w === 0 || !classId) return [];
  const geometry = maskGeometry(painted, image);
  const annotation = newAnnotation(me, { id: newId(), class_id: classId, source: "brush", ...geometry });
  return [
    { type: "add", annotation },
    // Selected, so that the next stroke goes on with it.
    { type: "select", ids: [annotation.id] },
  ];
}

function repainted(
  target: Annotation,
  painted: ReturnType<typeof strokeMask>,
  erases: boolean,
  { image }: ToolContext,
): Effect[] {
  const deed = erases ? "eraser stroke on" : "brush stroke on";
  const before = pixelsOf(target);
  const after = erases ? without(before, painted) : unite(before, painted);
  if (after.w === 0) {
    const sentence = "Nothing was left of the mask, so it is deleted. Undo brings it back.";
    return [{ type: "delete", deed, ids: [target.id] }, say(sentence)];
  }
  if (maskArea(after) === maskArea(before)) return [];
  const changes = new Map([[target.id, maskGeometry(after, image)]]);
  return [{ type: "change", deed, changes }];
}
