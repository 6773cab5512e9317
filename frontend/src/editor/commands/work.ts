import { isWorking } from "../toolbox";
import { always, type Command, type CommandContext, hasSelected, named, shown } from "./command";

export const working = (context: CommandContext): boolean => isWorking(shown(context));

const brushing = (context: CommandContext) => ["brush", "eraser"].includes(shown(context).tool);

const choosing = (context: CommandContext) => working(context) || context.editor.image.annotations.size > 0;

/** Goes to the next candidate while there is work under way, else to the next object. */
const cycle = (type: "next" | "previous") => (context: CommandContext) => {
  if (!working(context) && shown(context).tool !== "select") context.editor.setTool("select");
  context.editor.send({ type });
};

export const workCommands: readonly Command[] = [
  {
    id: "nextCandidate",
    group: "Under way",
    label: (context) => (working(context) ? "Next candidate" : "Next candidate, or next object"),
    keys: ["Tab"],
    icon: "next",
    onCanvas: true,
    enabled: choosing,
    run: cycle("next"),
  },
  {
    id: "previousCandidate",
    group: "Under way",
    label: (context) => (working(context) ? "Previous candidate" : "Previous candidate, or previous object"),
    keys: ["Shift+Tab"],
    icon: "previous",
    onCanvas: true,
    enabled: choosing,
    run: cycle("previous"),
  },
  {
    id: "commit",
    group: "Under way",
    label: (context) => (brushing(context) ? "Finish the mask" : "Keep the candidate"),
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
