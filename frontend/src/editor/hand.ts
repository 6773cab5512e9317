import type { Rules } from "../model/rules";
import type { ToolName } from "../tools/tool";
import type { Opened, Snapshot } from "./snapshot";
import { firstTool, isUsed, putDown, toolInHand } from "./toolbox";

/** What people have in hand: it goes with them to the next image. */
export type Hand = Pick<Snapshot, "tool" | "classId" | "brush" | "proposing">;

export function handOf(snapshot: Snapshot): Hand {
  const { brush, proposing } = putDown(snapshot);
  return { tool: toolInHand(snapshot), classId: snapshot.classId, brush, proposing };
}

/** The tool to begin with. Whoever selected things last was mending them, and a new image begins with new ones. */
export function toolToBeginWith({
  hand,
  rules,
  readOnly,
}: Pick<Opened, "hand" | "readOnly"> & { rules: Rules }): ToolName {
  if (readOnly) return "select";
  const kept = hand && hand.tool !== "select" && isUsed(hand.tool, rules);
  return kept ? hand.tool : firstTool(rules);
}

export const classToBeginWith = ({ hand, classes }: Pick<Opened, "hand" | "classes">): string | null =>
  (classes.find(({ id }) => id === hand?.classId) ?? classes[0])?.id ?? null;
