import type { Vector } from "../../geometry/vector";
import { moveAnnotations } from "../../model/actions/moveAnnotations";
import { bringForward, bringToFront, sendBackward, sendToBack } from "../../model/actions/order";
import type { LabeledImage } from "../../model/labeledImage";
import type { ToolName } from "../../tools/tool";
import { clipboard } from "../clipboard";
import { copySelected, paste } from "../edits";
import { type Command, type CommandContext, hasSelected, labels, named, selected, shown } from "./command";

const changeable = (context: CommandContext): boolean => labels(context) && hasSelected(context);

const PASSIVE: readonly ToolName[] = ["select", "tag"];

/** Whether there is something to point at with the tool in use, so that arrow keys move a crosshair. */
const points = (context: CommandContext): boolean =>
  labels(context) && !PASSIVE.includes(shown(context).tool);

const STEPS: Record<string, Vector> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
const ARROWS = Object.keys(STEPS);
const FAR = 10;

function nudge(context: CommandContext, key = ""): void {
  const { editor } = context;
  const pixels = key.startsWith("Shift+") ? FAR : 1;
  const step = STEPS[key.replace("Shift+", "")] ?? { x: 0, y: 0 };
  const by = { x: step.x * pixels, y: step.y * pixels };
  if (points(context)) {
    editor.moveCrosshair(by);
    return;
  }
  const ids = selected(context);
  const done = editor.edit(`move of ${editor.names(ids)}`, moveAnnotations(by, ...ids));
  if (!done) editor.say("It lies at the edge of the image.");
}

interface Ordering {
  readonly id: "toFront" | "forward" | "backward" | "toBack";
  readonly name: string;
  readonly label: (names: string) => string;
  readonly key: string;
  readonly action: (...ids: string[]) => (image: LabeledImage) => LabeledImage;
  readonly otherwise: string;
}

const ordering = ({ id, name, label, key, action, otherwise }: Ordering): Command => ({
  id,
  group: "Objects",
  label: named(name),
  keys: [key],
  icon: id,
  enabled: changeable,
  run: (context) => {
    const ids = selected(context);
    const { editor } = context;
    if (!editor.edit(label(editor.names(ids)), action(...ids))) editor.say(otherwise);
  },
});

/** Where objects are, in the image and above each other, and copies of them. */
export const arrangeCommands: readonly Command[] = [
  {
    id: "nudge",
    group: "Objects",
    label: (context) => `Move ${points(context) ? "the crosshair" : "what is selected"} by a pixel`,
    keys: ARROWS,
    icon: "move",
    enabled: (context) => points(context) || changeable(context),
    run: nudge,
  },
  {
    id: "nudgeFar",
    group: "Objects",
    label: named("Move it by ten pixels"),
    keys: ARROWS.map((arrow) => `Shift+${arrow}`),
    icon: "move",
    enabled: (context) => points(context) || changeable(context),
    run: nudge,
  },
  {
    id: "copy",
    group: "Objects",
    label: named("Copy what is selected"),
    keys: ["Ctrl+C"],
    icon: "copy",
    enabled: hasSelected,
    run: ({ editor }) => copySelected(editor),
  },
  {
    id: "paste",
    group: "Objects",
    label: named("Paste, also on another image"),
    keys: ["Ctrl+V"],
    icon: "paste",
    enabled: (context) => labels(context) && clipboard.get() !== null,
    run: ({ editor }) => paste(editor),
  },
  ordering({
    id: "forward",
    name: "Bring forward",
    label: (names) => `move of ${names} forward`,
    key: "PageUp",
    action: bringForward,
    otherwise: "Nothing lies over it.",
  }),
  ordering({
    id: "backward",
    name: "Send backward",
    label: (names) => `move of ${names} backward`,
    key: "PageDown",
    action: sendBackward,
    otherwise: "Nothing lies under it.",
  }),
  ordering({
    id: "toFront",
    name: "Bring to the front",
    label: (names) => `move of ${names} to the front`,
    key: "Shift+PageUp",
    action: bringToFront,
    otherwise: "It lies on top already.",
  }),
  ordering({
    id: "toBack",
    name: "Send to the back",
    label: (names) => `move of ${names} to the back`,
    key: "Shift+PageDown",
    action: sendToBack,
    otherwise: "It lies at the bottom already.",
  }),
  {
    id: "solo",
    group: "Objects",
    label: named("Show only what is selected, or everything again"),
    keys: ["Shift+H"],
    icon: "solo",
    enabled: (context) => hasSelected(context) || context.editor.getSnapshot().hidden.size > 0,
    run: ({ editor }) => editor.toggleSolo(),
  },
];
