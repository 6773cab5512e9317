import type { RefObject } from "react";
import { useMembers } from "../../../server/projects";
import { useReviewContext } from "../context";
import { ChoiceFilter } from "./ChoiceFilter";
import { ConfidenceFilter } from "./ConfidenceFilter";
import { RESUBMISSIONS, SIZES, SOURCES, VERDICTS } from "./choices";
import styles from "./filters.module.css";
import { ImageFilter } from "./ImageFilter";
import { TextFilter } from "./TextFilter";
import { useReviewFilters } from "./useReviewFilters";

interface FilterBarProps {
  /** Something is under way that another part of the queue would interrupt. */
  disabled: boolean;
  /** The field of the free text, for the key that leads to it. */
  field: RefObject<HTMLInputElement | null>;
}

/** Which part of the queue is shown. */
export function FilterBar({ disabled, field }: FilterBarProps) {
  const view = useReviewFilters();
  const { filters, verdict, narrow } = view;
  const { project, classes } = useReviewContext();
  const { data: members = [] } = useMembers(project.id);
  const people = members.flatMap(({ user }) => (user ? [{ value: user.id, label: user.name }] : []));
  const named = classes.map(({ id, name, colour }) => ({ value: id, label: name, colour }));
  const choice = (name: "class_id" | "annotator" | "source" | "size" | "resubmission") => ({
    value: filters[name],
    disabled,
    onChoose: (value: string | undefined) => narrow({ [name]: value }),
  });
  return (
    <section className={styles.bar} aria-label="Which part of the queue">
      <ChoiceFilter
        label="Shown"
        any={null}
        value={verdict}
        choices={VERDICTS}
        disabled={disabled}
        onChoose={(value) => narrow({ verdict: value === "waiting" ? undefined : value })}
      />
      <ChoiceFilter label="Class" any="All classes" choices={named} {...choice("class_id")} />
      <ChoiceFilter label="By" any="Everybody" choices={people} {...choice("annotator")} />
      <ChoiceFilter label="Origin" any="Every origin" choices={SOURCES} {...choice("source")} />
      <ChoiceFilter label="Size" any="All sizes" choices={SIZES} {...choice("size")} />
      <ChoiceFilter
        label="Sent back"
        any="Sent back or not"
        choices={RESUBMISSIONS}
        {...choice("resubmission")}
      />
      <ImageFilter view={view} disabled={disabled} />
      <ConfidenceFilter view={view} disabled={disabled} />
      <button
        type="button"
        className={styles.chip}
        aria-pressed={filters.commented !== undefined}
        data-on={filters.commented !== undefined || undefined}
        disabled={disabled}
        onClick={() => narrow({ commented: filters.commented ? undefined : "true" })}
      >
        Commented
      </button>
      <TextFilter view={view} disabled={disabled} field={field} />
      {view.narrowed && (
        <button type="button" className={styles.clear} disabled={disabled} onClick={view.clear}>
          Clear all
        </button>
      )}
    </section>
  );
}
