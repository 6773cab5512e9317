import { holdsPoint } from "../toolbox";
import { type Command, hasSelected, labels, named, selected, shown, theOnlySelected } from "./command";
import { working } from "./work";

const latestLabel = (entries: readonly { label: string }[]) => entries.at(-1)?.label ?? "";

export const objectCommands: readonly Command[] = [
  {
    id: "undo",
    group: "Objects",
    label: (context) =>
      working(context) ? "Undo the last point" : `Undo ${latestLabel(shown(context).history.done)}`.trim(),
    keys: ["Ctrl+Z"],
    icon: "undo",
    enabled: (context) => working(context) || shown(context).history.done.length > 0,
    // Undo stays inside the mask that is being made, and never reaches past it to another one.
    run: (context) => (working(context) ? context.editor.send({ type: "back" }) : context.editor.undo()),
  },
  {
    id: "redo",
    group: "Objects",
    label: (context) => `Redo ${latestLabel(shown(context).history.undone)}`.trim(),
    keys: ["Ctrl+Shift+Z", "Ctrl+Y"],
    icon: "redo",
    enabled: (context) => !working(context) && shown(context).history.undone.length > 0,
    run: ({ editor }) => editor.redo(),
  },
  {
    id: "delete",
    group: "Objects",
    label: (context) => (holdsPoint(shown(context)) ? "Delete the point" : "Delete what is selected"),
    keys: ["Delete"],
    icon: "trash",
    enabled: (context) => labels(context) && (hasSelected(context) || holdsPoint(shown(context))),
    run: (context) =>
      holdsPoint(shown(context))
        ? context.editor.send({ type: "deletePoint" })
        : context.editor.remove(...selected(context)),
  },
  {
    id: "attributes",
    group: "Objects",
    label: named("Say something of the selected object: numbers pick, arrows go on, Esc ends"),
    keys: ["A"],
    icon: "attributes",
    enabled: (context) => {
      const { classes } = shown(context);
      const of = theOnlySelected(context)?.class_id;
      return labels(context) && (classes.find(({ id }) => id === of)?.attributes.length ?? 0) > 0;
    },
    run: ({ page }) => page.showAttributes(),
  },
  {
    id: "hide",
    group: "Objects",
    label: named("Hide or show what is selected"),
    keys: ["H"],
    icon: "hide",
    enabled: hasSelected,
    run: (context) => context.editor.toggleHidden(...selected(context)),
  },
  {
    id: "lock",
    group: "Objects",
    label: named("Lock or unlock what is selected"),
    keys: ["L"],
    icon: "lock",
    enabled: hasSelected,
    run: (context) => context.editor.toggleLocked(...selected(context)),
  },
];
