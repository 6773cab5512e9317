import { Modal } from "@mantine/core";
import { type KeyboardEvent, useId, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { clamp } from "../../geometry/vector";
import { searchClasses } from "../../model/searchClasses";
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
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const found = searchClasses(classes, query);
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
        {found.map(({ id, name, colour }, i) => (
          <Choice
            key={id}
            id={`${list}-${i}`}
            name={name}
            colour={colour}
            digit={classes.findIndex((one) => one.id === id) + 1}
            marked={i === at}
            onChoose={() => choose(id)}
          />
        ))}
      </div>
      {found.length === 0 && <p className={styles.none}>No class is called so.</p>}
    </>
  );
}

interface ChoiceProps {
  id: string;
  name: string;
  colour: string;
  /** Its place among the classes; up to nine it has a key of its own. */
  digit: number;
  marked: boolean;
  onChoose: () => void;
}

const Choice = ({ id, name, colour, digit, marked, onChoose }: ChoiceProps) => (
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
    {digit < 10 && <kbd>{digit}</kbd>}
  </div>
);
