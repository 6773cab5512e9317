import type { ToolName } from "../../tools/tool";
import { isWorking } from "../toolbox";
import { always, type Command, type CommandContext, hasSelected, named, shown } from "./command";

export const working = (context: CommandContext): boolean => isWorking(shown(context));

const brushing = (context: CommandContext) => ["brush", "eraser"].includes(shown(context).tool);

const ENDS: Partial<Record<ToolName, string>> = {
  brush: "Finish the mask",
  eraser: "Finish the mask",
  polygon: "Close the polygon",
};

const segmenting = (context: CommandContext) => shown(context).tool === "segment" && working(context);

const choosing = (context: CommandContext) =>
  segmenting(context) || (!working(context) && context.editor.image.annotations.size > 0);

/** Goes to the next candidate while there is work under way, else to the next object. */
const cycle = (type: "next" | "previous") => (context: CommandContext) => {
  if (!segmenting(context) && shown(context).tool !== "select") context.editor.setTool("select");
  context.editor.send({ type });
};

export const workCommands: readonly Command[] = [
  {
    id: "nextCandidate",
    group: "Under way",
    label: (context) => (segmenting(context) ? "Next candidate" : "Next candidate, or next object"),
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
      segmenting(context) ? "Previous candidate" : "Previous candidate, or previous object",
    keys: ["Shift+Tab"],
    icon: "previous",
    onCanvas: true,
    enabled: choosing,
    run: cycle("previous"),
  },
  {
    id: "commit",
    group: "Under way",
    label: (context) => ENDS[shown(context).tool] ?? "Keep the candidate",
    keys: ["Enter", "N"],
    icon: "check",
    enabled: (context) => working(context) || (brushing(context) && hasSelected(context)),
    run: ({ editor }) => editor.send({ type: "commit" }),
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
    id: "cancel",
    group: "Under way",
    label: named("Cancel, one level at a time"),
    keys: ["Escape"],
    icon: "close",
    enabled: always,
    run: ({ editor }) => editor.cancel(),
  },
];
