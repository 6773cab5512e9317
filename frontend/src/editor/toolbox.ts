import { closeUp } from "../geometry/viewport";
import type { Annotation } from "../model/annotation";
import type { Kind, Rules } from "../model/rules";
import { type BoxState, idleBox, stepBox } from "../tools/box";
import { type BrushState, brushPutDown, idleBrush, paintable, stepBrush } from "../tools/brush";
import { type CommentState, idleComment, stepComment } from "../tools/comment";
import { idlePolygon, type PolygonState, stepPolygon } from "../tools/polygon";
import { idleProposing, type ProposingState, proposingPutDown, stepProposals } from "../tools/proposals";
import { clickTarget, PLAIN_CLICK } from "../tools/refinable";
import { stepSegment } from "../tools/segment";
import { idleAfter, idleSegment, type SegmentState } from "../tools/segmentState";
import { idleSelect, type SelectState, stepSelect } from "../tools/select";
import type { Stepped, ToolContext, ToolEvent, ToolName } from "../tools/tool";
import type { Snapshot } from "./snapshot";

/** The kind of annotation that a tool makes; null: it makes none. */
const MAKES: Record<ToolName, Kind | null> = {
  select: null,
  segment: "mask",
  proposals: "mask",
  brush: "mask",
  eraser: "mask",
  polygon: "polygon",
  box: "box",
  tag: "tag",
  comment: null,
};

/** Whether a project has a use for a tool. */
export const isUsed = (tool: ToolName, { kinds }: Rules): boolean => {
  const kind = MAKES[tool];
  return kind === null || kinds.includes(kind);
};

/** What people have in hand when they open an image. */
export const firstTool = (rules: Rules): ToolName =>
  (["segment", "polygon", "box", "tag"] as const).find((tool) => isUsed(tool, rules)) ?? "select";

/** What each tool remembers. */
export interface ToolStates {
  readonly segment: SegmentState;
  readonly select: SelectState;
  readonly brush: BrushState;
  readonly box: BoxState;
  readonly polygon: PolygonState;
  readonly proposing: ProposingState;
  readonly comment: CommentState;
}

export const idleTools: ToolStates = {
  segment: idleSegment,
  select: idleSelect,
  brush: idleBrush,
  box: idleBox,
  polygon: idlePolygon,
  proposing: idleProposing,
  comment: idleComment,
};

/** The tools when somebody takes another one: unfinished work is given up. */
export const putDown = ({ segment, brush, proposing }: ToolStates): ToolStates => ({
  ...idleTools,
  segment: idleAfter(segment),
  brush: brushPutDown(brush),
  proposing: proposingPutDown(proposing),
});

/** The tools when somebody takes this one. */
export const takeUp = (snapshot: Snapshot, tool: ToolName): ToolStates & Pick<Snapshot, "tool"> => ({
  ...putDown(snapshot),
  tool,
  comment: { draft: null, back: toolInHand(snapshot) },
});

/** The tool that people work with; to comment is an aside. */
export const toolInHand = ({ tool, comment }: Pick<Snapshot, "tool" | "comment">): ToolName =>
  tool === "comment" ? comment.back : tool;

/** Whether a tool has made what is selected, and nobody has picked anything since. */
export const isMade = ({ made, selected }: Pick<Snapshot, "made" | "selected">): boolean => made === selected;

/** What the tools may know of the world around them. */
export function contextOf(snapshot: Snapshot, { me, newId }: Pick<ToolContext, "me" | "newId">): ToolContext {
  const { viewport, screen, history } = snapshot;
  const image = history.present;
  const seen = { scale: viewport.scale, closeUp: closeUp(viewport, screen, image) };
  return { ...snapshot, ...seen, isMade: isMade(snapshot), image, me, newId };
}

export function stepTool(
  tool: ToolName,
  states: ToolStates,
  event: ToolEvent,
  context: ToolContext,
): Stepped<Partial<ToolStates>> {
  switch (tool) {
    case "select":
      return under("select", stepSelect(states.select, event, context));
    case "segment":
      return under("segment", stepSegment(states.segment, event, context));
    case "box":
      return under("box", stepBox(states.box, event, context));
    case "polygon":
      return under("polygon", stepPolygon(states.polygon, event, context));
    case "proposals":
      return under("proposing", stepProposals(states.proposing, event, context));
    case "comment":
      return under("comment", stepComment(states.comment, event, context));
    case "tag":
      // Tags are of the whole image, so there is nothing to point at.
      return { state: {}, effects: [] };
    case "brush":
    case "eraser":
      return under("brush", stepBrush(tool)(states.brush, event, context));
  }
}

const under = <Name extends keyof ToolStates>(
  name: Name,
  { state, effects }: Stepped<ToolStates[Name]>,
): Stepped<Partial<ToolStates>> => ({ state: { [name]: state }, effects });

/** Whether the tool in use holds something that Escape gives up and Backspace takes back. */
export function isWorking({
  tool,
  select,
  segment,
  brush,
  box,
  polygon,
  proposing,
  comment,
}: Snapshot): boolean {
  switch (tool) {
    case "select":
      return select.press?.dragged === true;
    case "tag":
      return false;
    case "comment":
      return comment.draft !== null;
    case "box":
      return box.press !== null;
    case "polygon":
      return polygon.points.length > 0;
    case "segment":
      return segment.trail.length > 0;
    case "proposals":
      return proposing.press?.dragged === true;
    case "brush":
    case "eraser":
      return brush.stroke !== null;
  }
}

/** Whether a mask that Enter has ended waits for the model's answer. */
export const isKeeping = ({ segment }: Pick<Snapshot, "segment">): boolean => segment.keeping.length > 0;

/** Whether a pin is placed whose comment is still to be written. */
export const isCommenting = ({ tool, comment }: Pick<Snapshot, "tool" | "comment">): boolean =>
  tool === "comment" && comment.draft !== null;

/** Whether a point of a polygon or of a prompt was touched, which Delete is then meant for. */
export const holdsPoint = ({ tool, select, segment }: Snapshot): boolean =>
  tool === "select" ? select.vertex !== null : tool === "segment" && segment.held !== null;

/** Whether the tool in use has nothing at all to cancel, not even a drag. */
export const isIdle = (snapshot: Snapshot): boolean =>
  !isWorking(snapshot) && !(snapshot.tool === "segment" && snapshot.segment.press);

/** The annotation that the tool in use changes, rather than making a new one; with SAM where the pointer is. */
export function workedOn(snapshot: Snapshot): Annotation | null {
  const { tool, segment, polygon, history, selected, locked } = snapshot;
  const image = history.present;
  switch (tool) {
    case "select":
    case "box":
    case "tag":
    case "proposals":
    case "comment":
      return null;
    case "polygon":
      return image.annotations.get(polygon.points.length > 0 ? (polygon.target ?? "") : "") ?? null;
    case "segment":
      return segment.trail.length > 0
        ? (image.annotations.get(segment.target ?? "") ?? null)
        : refinedByClick(snapshot);
    case "brush":
    case "eraser":
      return paintable({ image, selected, locked });
  }
}

/** The object that a left click at the pointer would refine with SAM, or null if it would start a new one. */
function refinedByClick(snapshot: Snapshot): Annotation | null {
  const { history, pointer, viewport, selected, locked } = snapshot;
  const world = { image: history.present, selected, locked, scale: viewport.scale, isMade: isMade(snapshot) };
  return clickTarget(pointer, PLAIN_CLICK, world);
}

/** The annotations that a choice of class is meant for. What was just made keeps its class: the next is chosen for. */
export function edited(snapshot: Snapshot): readonly string[] {
  const { tool, selected, segment } = snapshot;
  if (tool === "select") return selected;
  if (selected.length > 1) return isMade(snapshot) ? [] : selected;
  const annotation = workedOn(snapshot);
  const isNext = tool === "segment" && segment.trail.length === 0 && isMade(snapshot);
  return annotation && !isNext ? [annotation.id] : [];
}
