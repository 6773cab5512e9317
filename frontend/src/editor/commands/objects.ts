import { classOf } from "../../model/lookup";
import { holdsPoint, isKeeping } from "../toolbox";
import { type Command, hasSelected, labels, named, selected, shown } from "./command";
import { working } from "./work";

const latestLabel = (entries: readonly { label: string }[]) => entries.at(-1)?.label ?? "";

export const objectCommands: readonly Command[] = [
  {
    id: "undo",
    group: "Objects",
    label: (context) => {
      if (working(context)) return "Undo the last point";
      return isKeeping(shown(context))
        ? "Undo the new mask"
        : `Undo ${latestLabel(shown(context).history.done)}`.trim();
    },
    keys: ["Ctrl+Z"],
    icon: "undo",
    enabled: (context) =>
      working(context) || isKeeping(shown(context)) || shown(context).history.done.length > 0,
    // Undo stays inside the mask that is being made, and never reaches past it to another one.
    run: (context) => {
      const { editor } = context;
      if (working(context)) editor.send({ type: "back" });
      else if (isKeeping(shown(context))) editor.dropKept();
      else editor.undo();
    },
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
    label: named("Set attributes of what is selected: numbers pick, arrows go on, Esc ends"),
    keys: ["A"],
    icon: "attributes",
    enabled: (context) => {
      const { classes, history } = shown(context);
      const labelClass = classOf(history.present, classes, selected(context));
      return labels(context) && labelClass !== undefined && labelClass.attributes.length > 0;
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
