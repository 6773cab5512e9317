import { Button, Group } from "@mantine/core";
import { sentenceOf } from "../../server/problem";
import { currentOf } from "../../server/versioned";
import { Notice, ProblemNotice } from "../bits/Notice";
import classes from "./unsaved.module.css";
import type { Draft } from "./useDraft";

/** How a field is called, and how its value reads. */
export interface FieldWords<Value> {
  readonly label: string;
  readonly tell?: (value: Value) => string;
}

export type Words<Fields> = { readonly [Field in keyof Fields]: FieldWords<Fields[Field]> };

interface ClashesProps<Fields> {
  draft: Draft<Fields>;
  words: Words<Fields>;
  /** Why saving failed, if it did. */
  error: unknown;
}

/** The reason why a form cannot be saved: a refusal, or fields that somebody else has changed, each in both versions. */
export function Clashes<Fields>({ draft, words, error }: ClashesProps<Fields>) {
  const isStale = currentOf(error) !== undefined;
  if (draft.clashes.length === 0) return error && !isStale ? <ProblemNotice error={error} /> : null;
  return (
    <Notice tone="warn">
      {isStale ? sentenceOf(error) : "Someone else changed this in the meantime."} Choose which version to
      keep, then save.
      {draft.clashes.map((field) => (
        <Clash key={String(field)} draft={draft} words={words} field={field} />
      ))}
    </Notice>
  );
}

interface ClashProps<Fields> extends Omit<ClashesProps<Fields>, "error"> {
  field: keyof Fields;
}

function Clash<Fields>({ draft, words, field }: ClashProps<Fields>) {
  const { label, tell = String } = words[field];
  return (
    <fieldset className={classes.clash}>
      <legend>{label}</legend>
      <dl>
        <dt>Theirs</dt>
        <dd>{tell(draft.saved[field]) || "Empty"}</dd>
        <dt>Mine</dt>
        <dd>{tell(draft.values[field]) || "Empty"}</dd>
      </dl>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => draft.takeTheirs(field)}>
          Take theirs
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => draft.keepMine(field)}>
          Keep mine
        </Button>
      </Group>
    </fieldset>
  );
}
