import type { CommandContext } from "../../editor/commands";
import { nameOf } from "../../model/lookup";
import { CommandButton } from "./CommandButton";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";

const ACTIONS = [
  "boxToMask",
  "convert",
  "merge",
  "subtract",
  "intersect",
  "split",
  "fillHoles",
  "keepLargest",
  "removeSpecks",
  "shrink",
  "grow",
  "smooth",
  "copy",
  "paste",
  "forward",
  "backward",
  "toFront",
  "toBack",
  "solo",
  "hide",
  "lock",
  "delete",
];

/** What can be done with what is selected. It keeps its place also when that is nothing. */
export function Selection({ context }: { context: CommandContext }) {
  const name = useEditor(context.editor, ({ selected, history, classes }) => {
    if (selected.length > 1) return `${selected.length} selected`;
    return selected[0] ? nameOf(history.present, classes, selected[0]) : "Nothing selected";
  });
  return (
    <section className={styles.selection} aria-label="Selection">
      <h2>{name}</h2>
      <div role="toolbar" aria-label="Actions on the selection">
        {ACTIONS.map((id) => (
          <CommandButton key={id} id={id} context={context} className={styles.action} />
        ))}
      </div>
    </section>
  );
}
