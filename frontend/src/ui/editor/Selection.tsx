import { type CommandContext, commandNamed } from "../../editor/commands";
import { nameOf } from "../../model/lookup";
import { Beginnings } from "./Beginnings";
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

/** What is of use with nothing selected as well. */
const OTHERS = ["paste", "solo"];

/** What can be done with what is selected, and how to begin where that is nothing. */
export function Selection({ context }: { context: CommandContext }) {
  const name = useEditor(context.editor, ({ selected, history, classes }) => {
    if (selected.length > 1) return `${selected.length} selected`;
    return selected[0] ? nameOf(history.present, classes, selected[0]) : null;
  });
  return (
    <section className={styles.selection} aria-label="Selection">
      <h2>{name ?? "Nothing selected"}</h2>
      {name === null ? <Beginnings context={context} /> : <Actions ids={ACTIONS} context={context} />}
      {name === null && <OtherActions context={context} />}
    </section>
  );
}

function OtherActions({ context }: { context: CommandContext }) {
  const usable = useEditor(context.editor, () =>
    OTHERS.filter((id) => commandNamed(id).enabled(context)).join(" "),
  );
  return usable ? <Actions ids={usable.split(" ")} context={context} /> : null;
}

function Actions({ ids, context }: { ids: readonly string[]; context: CommandContext }) {
  return (
    <div role="toolbar" aria-label="Actions on the selection">
      {ids.map((id) => (
        <CommandButton key={id} id={id} context={context} className={styles.action} />
      ))}
    </div>
  );
}
