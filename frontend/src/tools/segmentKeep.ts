import type { Change } from "../model/actions/changeAnnotations";
import { type Annotation, newAnnotation } from "../model/annotation";
import { maskFrom, type Prediction } from "../model/prediction";
import { tidy } from "../model/tidy";
import { askWhole, isCut, withAnswer } from "./segmentAsk";
import { idleAfter, isFree, type Keeping, latest, type SegmentState, type Step } from "./segmentState";
import { type Effect, type Stepped, say, stay, type ToolContext } from "./tool";

type Result = Stepped<SegmentState>;
type Work = Pick<Keeping, "trail" | "target" | "classId">;

const NO_CLASS = "Choose a class first; a manager adds classes in the project.";
const NOT_KEPT = "The object was not kept.";

/** Enter: keeps the chosen candidate, or the answer that is still on its way as soon as it comes. */
export function commit(state: SegmentState, context: ToolContext): Result {
  const step = latest(state);
  const work = { trail: state.trail, target: state.target, classId: context.classId };
  if (!step || !(step.prediction || state.waiting)) return stay(state);
  if (!hasClass(work, context)) return stay(state, say(NO_CLASS));
  if (!state.waiting) return keep(idleAfter(state), work, { ...context, selected: [] });
  const keeping = [...state.keeping, { ...work, request: state.awaited }];
  const effects = work.target ? [] : [{ type: "select", ids: [] } as const];
  return stay({ ...idleAfter(state), keeping }, ...effects);
}

const targetOf = ({ target }: Work, { image }: ToolContext) => image.annotations.get(target ?? "");

/** A mask that somebody deleted meanwhile is kept as a new object, which needs a class. */
const hasClass = (work: Work, context: ToolContext): boolean =>
  work.classId !== null || targetOf(work, context) !== undefined;

function keep(state: SegmentState, work: Work, context: ToolContext): Result {
  const { trail, classId } = work;
  const step = trail.at(-1);
  const target = targetOf(work, context);
  const prompts = [...(target?.prompts ?? []), ...trail.map(recordOf)];
  const made = step?.prediction && maskFrom({ prompts, prediction: step.prediction, rank: step.chosen });
  if (!made) return stay(state);
  const mask = context.tidiesMasks ? tidy(made, context.image) : made;
  if (target) return stay(state, refine(target, mask), ...inHand(target.id, state, context));
  if (!classId) return stay(state, say(NO_CLASS));
  const { me, newId } = context;
  const annotation = newAnnotation(me, { id: newId(), class_id: classId, ...mask });
  return stay(state, { type: "add", annotation }, ...inHand(annotation.id, state, context));
}

/** Brush, eraser and attributes are for the object now, unless people have gone on to another by then. */
function inHand(id: string, state: SegmentState, { selected }: ToolContext): Effect[] {
  const goneOn = !isFree(state) || selected.some((other) => other !== id);
  return goneOn ? [] : [{ type: "made", ids: [id] }];
}

const recordOf = ({ points, settled, box, mask, logits }: Step) => ({
  points: points.slice(settled),
  box,
  mask: mask !== null || logits !== null,
});

const refine = ({ id, kind }: Annotation, mask: Change) =>
  ({
    type: "change",
    deed: kind === "box" ? "mask from" : "refinement of",
    changes: new Map([[id, mask]]),
  }) as const;

export const keptBy = ({ keeping }: SegmentState, request: number): Keeping | undefined =>
  keeping.find((one) => one.request === request);

const without = (state: SegmentState, kept: Keeping): SegmentState => ({
  ...state,
  keeping: state.keeping.filter((one) => one !== kept),
});

/** The answer that Enter did not wait for has come. */
export function keepAnswered(
  state: SegmentState,
  kept: Keeping,
  prediction: Prediction,
  context: ToolContext,
): Result {
  const step = kept.trail.at(-1);
  if (step?.mask === null && step.region && isCut(prediction, context.image)) return keepWhole(state, kept);
  if (prediction.candidates.length === 0) return keepFailed(state, kept, "The model found nothing there.");
  return keep(without(state, kept), { ...kept, trail: withAnswer(kept.trail, prediction) }, context);
}

/** The part of the image that was to be looked at is not prepared, or too small: the whole image tells. */
export function keepWhole(state: SegmentState, kept: Keeping): Result {
  const asked = askWhole(state.request + 1, kept);
  const keeping = state.keeping.map((one) => (one === kept ? asked.kept : one));
  return stay({ ...state, request: state.request + 1, keeping }, asked.effect);
}

/** Back in hand where nothing else is, to be asked again by a click on its point; else told until Esc. */
export function keepFailed(state: SegmentState, kept: Keeping, reason: string): Result {
  const rest = without(state, kept);
  const { trail, target } = kept;
  if (isFree(rest)) return stay({ ...rest, trail, target, problem: `${reason} ${NOT_KEPT}` });
  return stay({ ...rest, lost: `${reason} ${NOT_KEPT} Esc hides this.` });
}

/** Takes back the newest of what Enter keeps as soon as it is answered. */
export const takeBackKept = (state: SegmentState): SegmentState => ({
  ...state,
  keeping: state.keeping.slice(0, -1),
});
