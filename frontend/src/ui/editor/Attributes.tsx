import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { setAttribute } from "../../editor/edits";
import type { Annotation } from "../../model/annotation";
import { type Attribute, afterPick, isPicked, missingOf, optionsOf } from "../../model/attributes";
import { theOnly } from "../../model/lookup";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";

interface AttributesProps {
  editor: Editor;
  panel: RefObject<HTMLElement | null>;
  /** Where the focus goes when people have said what they had to say. */
  canvas: RefObject<HTMLElement | null>;
}

/** What is said of the one object that is selected. */
export function Attributes({ editor, panel, canvas }: AttributesProps) {
  const annotation = useEditor(editor, ({ history, selected }) => theOnly(history.present, selected));
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const schema = classes.find(({ id }) => id === annotation?.class_id)?.attributes ?? [];
  if (!annotation || schema.length === 0) return null;
  const missing = missingOf(annotation, classes);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape") canvas.current?.focus({ preventScroll: true });
    else if (!step(event)) return;
    event.preventDefault();
  };
  return (
    <section ref={panel} className={styles.attributes} aria-label="Attributes" onKeyDown={onKeyDown}>
      <h2>
        Attributes <kbd>A</kbd>
      </h2>
      {schema.map((attribute) => (
        <Row
          key={`${annotation.id} ${attribute.id}`}
          {...{ editor, annotation, attribute }}
          lacking={missing.includes(attribute.name)}
        />
      ))}
    </section>
  );
}

/** Arrows go from one attribute to the next; inside of a text they move in the text. */
function step({ key, currentTarget, target }: KeyboardEvent<HTMLElement>): boolean {
  if (key !== "ArrowDown" && key !== "ArrowUp") return false;
  const rows = [...currentTarget.querySelectorAll<HTMLElement>("[data-attribute]")];
  const at = rows.findIndex((row) => row === target || row.contains(target as Node));
  rows[(at + (key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length]?.focus();
  return true;
}

interface RowProps {
  editor: Editor;
  annotation: Annotation;
  attribute: Attribute;
  lacking: boolean;
}

function Row({ lacking, ...row }: RowProps) {
  const { kind, name, required } = row.attribute;
  const Field = kind === "number" || kind === "text" ? Typed : Options;
  return (
    <div className={styles.attribute} data-lacking={lacking || undefined}>
      <span>
        {name}
        {required && <small>{lacking ? " required" : ""}</small>}
      </span>
      <Field {...row} />
    </div>
  );
}

type FieldProps = Omit<RowProps, "lacking">;

/** Choices with the number keys that pick them while this attribute has the focus. */
function Options({ editor, annotation, attribute }: FieldProps) {
  const value = annotation.attributes[attribute.id];
  const options = optionsOf(attribute);
  const pick = (option: unknown) =>
    setAttribute(editor, annotation.id, attribute, afterPick(attribute, value, option));
  const onKeyDown = (event: KeyboardEvent) => {
    const option = /^[1-9]$/.test(event.key) ? options[Number(event.key) - 1] : undefined;
    if (!option) return;
    event.preventDefault();
    pick(option.value);
  };
  return (
    <fieldset
      className={styles.options}
      aria-label={attribute.name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: while it has the focus number keys pick
      tabIndex={0}
      data-attribute
      onKeyDown={onKeyDown}
    >
      {options.map(({ label, value: option }, i) => (
        <button
          key={label}
          type="button"
          aria-pressed={isPicked(attribute, value, option)}
          onClick={() => pick(option)}
        >
          {i < 9 && <kbd>{i + 1}</kbd>} {label}
        </button>
      ))}
    </fieldset>
  );
}

/** A text or number, kept when one leaves it: one entry of the history, not one a letter. */
function Typed({ editor, annotation, attribute }: FieldProps) {
  const value = annotation.attributes[attribute.id];
  const said = value === undefined ? "" : String(value);
  const [typed, setTyped] = useState<string | null>(null);
  const keep = () => {
    if (typed !== null) setAttribute(editor, annotation.id, attribute, read(typed, attribute.kind, value));
    setTyped(null);
  };
  const newest = useRef(keep);
  useLayoutEffect(() => {
    newest.current = keep;
  });
  // The image can be left with the focus in here, as by the browser's own way back. Nobody blurs it then.
  useLayoutEffect(() => () => newest.current(), []);
  return (
    <input
      aria-label={attribute.name}
      data-attribute
      inputMode={attribute.kind === "number" ? "decimal" : "text"}
      maxLength={2000}
      value={typed ?? said}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && keep()}
    />
  );
}

/** What was typed as a value; what is no number leaves the old one. */
function read(typed: string, kind: Attribute["kind"], old: unknown): unknown {
  if (kind === "text" || typed.trim() === "") return typed.trim() === "" ? undefined : typed;
  const number = Number(typed.replace(",", "."));
  return Number.isFinite(number) ? number : old;
}
