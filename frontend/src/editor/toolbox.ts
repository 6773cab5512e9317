import type { Annotation } from "../model/annotation";
import { idleAfter, idleSegment, refinable, type SegmentState, stepSegment } from "../tools/segment";
import { idleSelect, type SelectState, stepSelect } from "../tools/select";
import type { Stepped, ToolContext, ToolEvent, ToolName } from "../tools/tool";
import type { Snapshot } from "./snapshot";

/** What each tool remembers. */
export interface ToolStates {
  readonly segment: SegmentState;
  readonly select: SelectState;
}

export const idleTools: ToolStates = { segment: idleSegment, select: idleSelect };

/** The tools when somebody takes another one: unfinished work is given up. */
export const putDown = ({ segment }: ToolStates): ToolStates => ({
  ...idleTools,
  segment: idleAfter(segment),
});

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
  }
}

const under = <Name extends keyof ToolStates>(
  name: Name,
  { state, effects }: Stepped<ToolStates[Name]>,
): Stepped<Partial<ToolStates>> => ({ state: { [name]: state }, effects });

/** Whether the tool in use holds something that Escape gives up and Backspace takes back. */
export function isWorking({ tool, segment }: Snapshot): boolean {
  return tool === "segment" && segment.trail.length > 0;
}

/** Whether the tool in use has anything at all to cancel, a drag too. */
export const isIdle = (snapshot: Snapshot): boolean =>
  !isWorking(snapshot) && !(snapshot.tool === "segment" && snapshot.segment.press);

/** The annotation that the tool in use changes, rather than making a new one. */
export function workedOn({ tool, segment, history, selected }: Snapshot): Annotation | null {
  const image = history.present;
  if (tool !== "segment") return null;
  return segment.trail.length > 0
    ? (image.annotations.get(segment.target ?? "") ?? null)
    : refinable({ image, selected });
}
