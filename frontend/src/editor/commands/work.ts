import { clamp } from "../../geometry/vector";
import type { Level } from "../../model/proposal";
import { neighbour } from "../../tools/select";
import type { ToolName } from "../../tools/tool";
import { questionOf } from "../asking";
import type { Snapshot } from "../snapshot";
import { isIdle, isWorking } from "../toolbox";
import { always, type Command, type CommandContext, hasSelected, named, shown } from "./command";

export const working = (context: CommandContext): boolean => isWorking(shown(context));

const brushing = (context: CommandContext) => ["brush", "eraser"].includes(shown(context).tool);

const ENDS: Partial<Record<ToolName, string>> = {
  brush: "Finish the mask",
  eraser: "Finish the mask",
  polygon: "Close the polygon",
  proposals: "Accept the proposal",
  comment: "Comment on what is selected",
};

const segmenting = (context: CommandContext) => shown(context).tool === "segment" && working(context);

const proposing = (context: CommandContext) => shown(context).tool === "proposals";

const choosing = (context: CommandContext) =>
  working(context) || proposing(context) || context.editor.image.annotations.size > 0;

/**
 * Goes to the next candidate or proposal, else to the next object, with the tool that is in use. A stroke or polygon
 * under way goes on.
 */
const cycle = (type: "next" | "previous") => (context: CommandContext) => {
  const { editor } = context;
  const { tool, hidden, selected } = shown(context);
  if (segmenting(context) || proposing(context) || (tool === "select" && !working(context)))
    editor.send({ type });
  else if (!working(context))
    editor.select(...neighbour({ image: editor.image, hidden, selected }, type === "next" ? 1 : -1));
};

const toLevel = (step: 1 | -1) => (context: CommandContext) => {
  const level = clamp(shown(context).proposing.filter.level + step, 0, 2) as Level;
  context.editor.send({ type: "filter", filter: { level } });
};

const committable = (context: CommandContext): boolean =>
  (working(context) && shown(context).tool !== "comment") ||
  (shown(context).tool === "comment" && hasSelected(context) && !shown(context).crosshair) ||
  (brushing(context) && hasSelected(context)) ||
  shown(context).converting !== null ||
  shown(context).proposing.lit !== null;

const hasNothingToCancel = (snapshot: Snapshot): boolean =>
  isIdle(snapshot) && snapshot.converting === null && questionOf(snapshot) === null;

const pointed = (context: CommandContext): boolean => shown(context).crosshair !== null;

export const workCommands: readonly Command[] = [
  {
    id: "nextCandidate",
    group: "Under way",
    label: (context) => (segmenting(context) ? "Next candidate" : "Next candidate, proposal or object"),
    keys: ["Tab"],
    icon: "next",
    onCanvas: true,
    enabled: choosing,
    run: cycle("next"),
  },
  {
    id: "previousCandidate",
    group: "Under way",
    label: (context) =>
      segmenting(context) ? "Previous candidate" : "Previous candidate, proposal or object",
    keys: ["Shift+Tab"],
    icon: "previous",
    onCanvas: true,
    enabled: choosing,
    run: cycle("previous"),
  },
  {
    id: "commit",
    group: "Under way",
    label: (context) =>
      shown(context).converting ? "Keep the polygon" : (ENDS[shown(context).tool] ?? "Keep the candidate"),
    keys: ["Enter", "N"],
    icon: "check",
    once: true,
    enabled: (context) => committable(context) || pointed(context),
    run: (context) => {
      const { editor } = context;
      if (shown(context).converting) editor.keepConversion();
      else if (committable(context)) editor.send({ type: "commit" });
      else editor.press();
    },
  },
  {
    id: "place",
    group: "Under way",
    label: named("Click where the crosshair is"),
    keys: ["Space"],
    icon: "place",
    enabled: pointed,
    run: ({ editor }) => editor.press(),
  },
  {
    id: "placeAway",
    group: "Under way",
    label: named("Click there to take away"),
    keys: ["Shift+Space"],
    icon: "place",
    enabled: pointed,
    run: ({ editor }) => editor.press({ removes: true }),
  },
  {
    id: "back",
    group: "Under way",
    label: named("Take back the last point"),
    keys: ["Backspace"],
    icon: "undo",
    enabled: working,
    run: ({ editor }) => editor.send({ type: "back" }),
  },
  {
    id: "smaller",
    group: "Under way",
    label: named("Smaller brush"),
    keys: ["["],
    icon: "smaller",
    enabled: brushing,
    run: ({ editor }) => editor.send({ type: "smaller" }),
  },
  {
    id: "larger",
    group: "Under way",
    label: named("Larger brush"),
    keys: ["]"],
    icon: "larger",
    enabled: brushing,
    run: ({ editor }) => editor.send({ type: "larger" }),
  },
  {
    id: "coarser",
    group: "Under way",
    label: named("Proposals of wholes rather than parts"),
    keys: [","],
    icon: "coarser",
    enabled: proposing,
    run: toLevel(-1),
  },
  {
    id: "finer",
    group: "Under way",
    label: named("Proposals of parts rather than wholes"),
    keys: ["."],
    icon: "finer",
    enabled: proposing,
    run: toLevel(1),
  },
  {
    id: "tip",
    group: "Under way",
    label: (context) => (shown(context).brush.tip === "round" ? "Square brush" : "Round brush"),
    keys: ["Q"],
    icon: "tip",
    enabled: brushing,
    run: ({ editor }) => editor.send({ type: "otherTip" }),
  },
  {
    id: "cancel",
    group: "Under way",
    label: named("Cancel, one level at a time"),
    keys: ["Escape"],
    icon: "close",
    enabled: always,
    run: ({ editor, page }) => {
      if (page.closePanel && hasNothingToCancel(editor.getSnapshot())) page.closePanel();
      else editor.cancel();
    },
  },
];
