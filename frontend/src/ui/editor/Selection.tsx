import { type RefObject, useRef } from "react";
import { type CommandContext, commandNamed } from "../../editor/commands";
import { nameOf } from "../../model/lookup";
import { Beginnings } from "./Beginnings";
import { CommandButton } from "./CommandButton";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";
import { useFocusBack } from "./useFocusBack";

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

interface SelectionProps {
  context: CommandContext;
  canvas: RefObject<HTMLElement | null>;
}

/** What can be done with what is selected, and how to begin where that is nothing. */
export function Selection({ context, canvas }: SelectionProps) {
  const name = useEditor(context.editor, ({ selected, history, classes }) => {
    if (selected.length > 1) return `${selected.length} selected`;
    return selected[0] ? nameOf(history.present, classes, selected[0]) : null;
  });
  return (
    <section className={styles.selection} aria-label="Selection">
      <h2>{name ?? "Nothing selected"}</h2>
      {name === null ? <Beginnings context={context} /> : <Actions ids={ACTIONS} {...{ context, canvas }} />}
      {name === null && <OtherActions {...{ context, canvas }} />}
    </section>
  );
}

function OtherActions({ context, canvas }: SelectionProps) {
  const usable = useEditor(context.editor, () =>
    OTHERS.filter((id) => commandNamed(id).enabled(context)).join(" "),
  );
  return usable ? <Actions ids={usable.split(" ")} {...{ context, canvas }} /> : null;
}

function Actions({ ids, context, canvas }: SelectionProps & { ids: readonly string[] }) {
  const bar = useRef<HTMLDivElement>(null);
  useFocusBack(bar, canvas);
  return (
    <div ref={bar} role="toolbar" aria-label="Actions on the selection">
      {ids.map((id) => (
        <CommandButton key={id} id={id} context={context} className={styles.action} />
      ))}
    </div>
  );
}
