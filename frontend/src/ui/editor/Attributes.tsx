import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Editor } from "../../editor/Editor";
import { changeAttribute, pickOption } from "../../editor/edits";
import type { Annotation } from "../../model/annotation";
import { type Attribute, isPicked, missingOf, optionsOf } from "../../model/attributes";
import { same } from "../../model/diff";
import { classOf } from "../../model/lookup";
import styles from "./editor.module.css";
import { useEditor } from "./useEditor";

interface AttributesProps {
  editor: Editor;
  panel: RefObject<HTMLElement | null>;
  /** Where the focus goes when people have said what they had to say. */
  canvas: RefObject<HTMLElement | null>;
}

/** The attributes of what is selected, as far as it is of one class. */
export function Attributes({ editor, panel, canvas }: AttributesProps) {
  const image = useEditor(editor, ({ history }) => history.present);
  const selected = useEditor(editor, (snapshot) => snapshot.selected);
  const classes = useEditor(editor, (snapshot) => snapshot.classes);
  const schema = classOf(image, classes, selected)?.attributes ?? [];
  const annotations = useMemo(
    () => selected.flatMap((id) => image.annotations.get(id) ?? []),
    [image, selected],
  );
  if (annotations.length === 0 || schema.length === 0) return null;
  const missing = new Set(annotations.flatMap((annotation) => missingOf(annotation, classes)));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape") canvas.current?.focus({ preventScroll: true });
    else if (!step(event)) return;
    event.preventDefault();
  };
  return (
    <section ref={panel} className={styles.attributes} aria-label="Attributes" onKeyDown={onKeyDown}>
      <h2>
        Attributes {annotations.length > 1 && `of ${annotations.length} objects`} <kbd>A</kbd>
      </h2>
      {schema.map((attribute) => (
        <Row
          key={`${annotations[0]?.id} ${annotations.length} ${attribute.id}`}
          {...{ editor, annotations, attribute }}
          lacking={missing.has(attribute.name)}
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
  annotations: readonly Annotation[];
  attribute: Attribute;
  lacking: boolean;
}

/** The value that all of them have; undefined where they differ. */
function commonValue([first, ...others]: readonly Annotation[], { id }: Attribute): unknown {
  const value = first?.attributes[id];
  return others.every(({ attributes }) => same(attributes[id], value)) ? value : undefined;
}

const differ = (annotations: readonly Annotation[], { id }: Attribute): boolean =>
  annotations.some(({ attributes }) => !same(attributes[id], annotations[0]?.attributes[id]));

function Row({ lacking, ...row }: RowProps) {
  const { kind, name, required } = row.attribute;
  const Field = kind === "number" || kind === "text" ? Typed : Options;
  return (
    <div className={styles.attribute} data-lacking={lacking || undefined}>
      <span>
        {name}
        {required && lacking && <small> required</small>}
        {differ(row.annotations, row.attribute) && <small> differs</small>}
      </span>
      <Field {...row} />
    </div>
  );
}

type FieldProps = Omit<RowProps, "lacking">;

/** Choices with the number keys that pick them while this attribute has the focus. */
function Options({ editor, annotations, attribute }: FieldProps) {
  const options = optionsOf(attribute);
  const isPressed = (option: unknown) =>
    annotations.every(({ attributes }) => isPicked(attribute, attributes[attribute.id], option));
  const pick = (option: unknown) => pickOption(editor, annotations, attribute, option);
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
        <button key={label} type="button" aria-pressed={isPressed(option)} onClick={() => pick(option)}>
          {i < 9 && <kbd>{i + 1}</kbd>} {label}
        </button>
      ))}
    </fieldset>
  );
}

/** A text or number, kept when one leaves it: one entry of the history, not one a letter. */
function Typed({ editor, annotations, attribute }: FieldProps) {
  const value = commonValue(annotations, attribute);
  const said = value === undefined ? "" : String(value);
  const [typed, setTyped] = useState<string | null>(null);
  const keep = () => {
    if (typed !== null)
      changeAttribute(editor, annotations, attribute, (old) => read(typed, attribute.kind, old));
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
