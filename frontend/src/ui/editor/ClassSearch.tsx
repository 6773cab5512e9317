import { Modal } from "@mantine/core";
import { type KeyboardEvent, useId, useState } from "react";
import { keyOfClass } from "../../editor/classKeys";
import type { Editor } from "../../editor/Editor";
import { clamp } from "../../geometry/vector";
import type { LabelClass } from "../../model/annotation";
import { searchClasses } from "../../model/searchClasses";
import { keyCap } from "./icons";
import styles from "./panels.module.css";
import { useEditor } from "./useEditor";

interface ClassSearchProps {
  editor: Editor;
  opened: boolean;
  onClose: () => void;
}

/** Chooses a class by typing, for projects with more of them than there are digits. */
export const ClassSearch = ({ opened, onClose, editor }: ClassSearchProps) => (
  <Modal opened={opened} onClose={onClose} title="Choose a class" size="sm" yOffset="12dvh">
    <Search editor={editor} onClose={onClose} />
  </Modal>
);

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

function Search({ editor, onClose }: Omit<ClassSearchProps, "opened">) {
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const keymap = useEditor(editor, (snapshot) => snapshot.keymap);
  // As they were when the search was opened: a choice that closes it does not move them about.
  const [recent] = useState(() => editor.getSnapshot().recentClasses);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const found = searchClasses(classes, query, recent);
  const marked = found[at];
  const choose = (id: string) => {
    editor.chooseClass(id);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step) setAt(clamp(at + step, 0, Math.max(0, found.length - 1)));
    else if (event.key === "Enter" && marked) choose(marked.id);
    else return;
    event.preventDefault();
  };
  const search = (text: string) => {
    setQuery(text);
    setAt(0);
  };
  return (
    <>
      <input
        className={styles.search}
        data-autofocus
        role="combobox"
        aria-label="Search for a class"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={marked && `${list}-${at}`}
        placeholder="Type a part of its name"
        value={query}
        onChange={(event) => search(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label="Classes" className={styles.found}>
        {found.map((labelClass, i) => (
          <Choice
            key={labelClass.id}
            id={`${list}-${i}`}
            labelClass={labelClass}
            keyOfIt={keyOfClass(labelClass, classes.indexOf(labelClass), keymap)}
            marked={i === at}
            onChoose={() => choose(labelClass.id)}
          />
        ))}
      </div>
      {found.length === 0 && <p className={styles.none}>No class is called so.</p>}
    </>
  );
}

interface ChoiceProps {
  id: string;
  labelClass: LabelClass;
  keyOfIt: string | undefined;
  marked: boolean;
  onChoose: () => void;
}

const Choice = ({ id, labelClass: { name, colour }, keyOfIt, marked, onChoose }: ChoiceProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the search field's, which keeps the focus
  // biome-ignore lint/a11y/useFocusableInteractive: the search field names it as its active one
  <div
    id={id}
    role="option"
    aria-selected={marked}
    ref={(element) => {
      if (marked) element?.scrollIntoView({ block: "nearest" });
    }}
    onClick={onChoose}
  >
    <i style={{ background: colour }} />
    <span>{name}</span>
    {keyOfIt && <kbd>{keyCap(keyOfIt)}</kbd>}
  </div>
);
