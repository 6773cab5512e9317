import type { Editor } from "./Editor";

export type Icon =
  | "pointer"
  | "sparkles"
  | "undo"
  | "redo"
  | "fit"
  | "zoomIn"
  | "zoomOut"
  | "previous"
  | "next"
  | "submit"
  | "help"
  | "hide"
  | "trash"
  | "check"
  | "close"
  | "target";

/** What the page around the editor can do; undefined where it cannot just now. */
export interface Surroundings {
  readonly previousImage: (() => void) | undefined;
  readonly nextImage: (() => void) | undefined;
  readonly submit: (() => void) | undefined;
  readonly showKeys: () => void;
}

export interface CommandContext {
  readonly editor: Editor;
  readonly page: Surroundings;
}

/** One thing people can do. Toolbar, key handler and key sheet all read this table. */
export interface Command {
  readonly id: string;
  readonly group: "Tools" | "Mask under way" | "Objects" | "View" | "Image";
  readonly label: (context: CommandContext) => string;
  /** As `keyOf` names them; the first one is shown. */
  readonly keys: readonly string[];
  readonly icon: Icon;
  /** Only while the canvas has the focus: elsewhere the key belongs to the browser. */
  readonly onCanvas?: boolean;
  readonly enabled: (context: CommandContext) => boolean;
  readonly run: (context: CommandContext) => void;
}

const always = () => true;
const named = (label: string) => () => label;
const selected = ({ editor }: CommandContext) => editor.getSnapshot().selected;
const labels = ({ editor }: CommandContext) => !editor.getSnapshot().readOnly;

const working = ({ editor }: CommandContext) => {
  const { tool, segment } = editor.getSnapshot();
  return tool === "segment" && segment.trail.length > 0;
};

const choosing = (context: CommandContext) => {
  const { segment, image } = { ...context.editor.getSnapshot(), image: context.editor.image };
  return working(context) ? segment.trail.length > 0 : image.annotations.size > 0;
};

/** Goes to the next candidate while there is work under way, else to the next object. */
const cycle = (type: "next" | "previous") => (context: CommandContext) => {
  if (!working(context) && context.editor.getSnapshot().tool === "segment") context.editor.setTool("select");
  context.editor.send({ type });
};

const latestLabel = (entries: readonly { label: string }[]) => entries.at(-1)?.label.toLowerCase() ?? "";

export const commands: readonly Command[] = [
  {
    id: "select",
    group: "Tools",
    label: named("Select"),
    keys: ["V"],
    icon: "pointer",
    enabled: always,
    run: ({ editor }) => editor.setTool("select"),
  },
  {
    id: "segment",
    group: "Tools",
    label: named("Segment with SAM"),
    keys: ["S"],
    icon: "sparkles",
    enabled: labels,
    run: ({ editor }) => editor.setTool("segment"),
  },
  {
    id: "nextCandidate",
    group: "Mask under way",
    label: (context) => (working(context) ? "Next candidate" : "Next candidate, or next object"),
    keys: ["Tab"],
    icon: "next",
    onCanvas: true,
    enabled: choosing,
    run: cycle("next"),
  },
  {
    id: "previousCandidate",
    group: "Mask under way",
    label: (context) => (working(context) ? "Previous candidate" : "Previous candidate, or previous object"),
    keys: ["Shift+Tab"],
    icon: "previous",
    onCanvas: true,
    enabled: choosing,
    run: cycle("previous"),
  },
  {
    id: "commit",
    group: "Mask under way",
    label: named("Keep the candidate"),
    keys: ["Enter", "N"],
    icon: "check",
    enabled: working,
    run: ({ editor }) => editor.send({ type: "commit" }),
  },
  {
    id: "back",
    group: "Mask under way",
    label: named("Take back the last point"),
    keys: ["Backspace"],
    icon: "undo",
    enabled: working,
    run: ({ editor }) => editor.send({ type: "back" }),
  },
  {
    id: "cancel",
    group: "Mask under way",
    label: named("Cancel, one level at a time"),
    keys: ["Escape"],
    icon: "close",
    enabled: always,
    run: ({ editor }) => editor.cancel(),
  },
  {
    id: "undo",
    group: "Objects",
    label: (context) =>
      working(context)
        ? "Undo the last point"
        : `Undo ${latestLabel(context.editor.getSnapshot().history.done)}`.trim(),
    keys: ["Ctrl+Z"],
    icon: "undo",
    enabled: (context) => working(context) || context.editor.getSnapshot().history.done.length > 0,
    // Undo stays inside the mask that is being made, and never reaches past it to another one.
    run: (context) => (working(context) ? context.editor.send({ type: "back" }) : context.editor.undo()),
  },
  {
    id: "redo",
    group: "Objects",
    label: ({ editor }) => `Redo ${latestLabel(editor.getSnapshot().history.undone)}`.trim(),
    keys: ["Ctrl+Shift+Z", "Ctrl+Y"],
    icon: "redo",
    enabled: (context) => !working(context) && context.editor.getSnapshot().history.undone.length > 0,
    run: ({ editor }) => editor.redo(),
  },
  {
    id: "delete",
    group: "Objects",
    label: named("Delete the selected object"),
    keys: ["Delete"],
    icon: "trash",
    enabled: (context) => labels(context) && selected(context) !== null,
    run: (context) => context.editor.remove(selected(context) ?? ""),
  },
  {
    id: "hide",
    group: "Objects",
    label: named("Hide or show the selected object"),
    keys: ["H"],
    icon: "hide",
    enabled: (context) => selected(context) !== null,
    run: (context) => context.editor.toggleHidden(selected(context) ?? ""),
  },
  {
    id: "zoomTo",
    group: "View",
    label: named("Zoom to the selected object"),
    keys: ["Z"],
    icon: "target",
    enabled: (context) => selected(context) !== null,
    run: (context) => context.editor.zoomTo(selected(context) ?? ""),
  },
  {
    id: "fit",
    group: "View",
    label: named("Fit the image"),
    keys: ["0"],
    icon: "fit",
    enabled: always,
    run: ({ editor }) => editor.fit(),
  },
  {
    id: "zoomIn",
    group: "View",
    label: named("Zoom in"),
    keys: ["+", "="],
    icon: "zoomIn",
    enabled: always,
    run: ({ editor }) => editor.zoomCentred(1.25),
  },
  {
    id: "zoomOut",
    group: "View",
    label: named("Zoom out"),
    keys: ["-"],
    icon: "zoomOut",
    enabled: always,
    run: ({ editor }) => editor.zoomCentred(0.8),
  },
  {
    id: "previousImage",
    group: "Image",
    label: named("Previous image"),
    keys: ["D"],
    icon: "previous",
    enabled: ({ page }) => page.previousImage !== undefined,
    run: ({ page }) => page.previousImage?.(),
  },
  {
    id: "nextImage",
    group: "Image",
    label: named("Next image"),
    keys: ["F"],
    icon: "next",
    enabled: ({ page }) => page.nextImage !== undefined,
    run: ({ page }) => page.nextImage?.(),
  },
  {
    id: "submit",
    group: "Image",
    label: named("Submit"),
    keys: ["Ctrl+Enter"],
    icon: "submit",
    enabled: ({ page }) => page.submit !== undefined,
    run: ({ page }) => page.submit?.(),
  },
  {
    id: "keys",
    group: "Image",
    label: named("Keys"),
    keys: ["?"],
    icon: "help",
    enabled: always,
    run: ({ page }) => page.showKeys(),
  },
];

export const commandNamed = (id: string): Command => {
  const command = commands.find((candidate) => candidate.id === id);
  if (!command) throw new Error(`There is no command named ${id}.`);
  return command;
};
