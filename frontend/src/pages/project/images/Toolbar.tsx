import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { type ImageFilter, useDeleteImages, useRetryImages } from "../../../server/images";
import { useMembers } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { count, counted } from "../../../ui/bits/number";
import { toastProblem } from "../../../ui/bits/toast";
import { IMAGE_STATES, NOT_PEOPLE } from "../../../ui/imageFilter";
import { may } from "../context";
import { AssignMenu } from "./AssignMenu";
import classes from "./images.module.css";
import { NOTHING, type Selection } from "./select";

const STATES = [{ value: "", label: "All images" }, ...IMAGE_STATES];
/** Milliseconds without a key after which a name is searched for. */
const TYPING_PAUSE_MS = 200;

interface FiltersProps {
  projectId: string;
  filter: ImageFilter;
  onFilter: (filter: ImageFilter) => void;
  shown: number;
  more: boolean;
  onSelectAll: (() => void) | undefined;
}

export function Filters({ projectId, filter, onFilter, shown, more, onSelectAll }: FiltersProps) {
  return (
    <div className={classes.toolbar}>
      {onSelectAll && (
        <Checkbox
          size="xs"
          ml={9}
          mr={4}
          checked={false}
          onChange={onSelectAll}
          aria-label="Select all images"
        />
      )}
      <NameSearch q={filter.q ?? ""} onSearch={(q) => onFilter({ ...filter, q })} />
      <Select
        w={140}
        size="xs"
        aria-label="State"
        data={STATES}
        allowDeselect={false}
        value={filter.state ?? ""}
        onChange={(state) => onFilter({ ...filter, state: state ?? "" })}
      />
      <AnnotatorChoice
        projectId={projectId}
        annotator={filter.annotator ?? ""}
        onChoose={(annotator) => onFilter({ ...filter, annotator })}
      />
      <span className={classes.grow} />
      <span className={classes.muted}>
        {more ? `${count(shown)} shown, more as you scroll` : counted(shown, "image")}
      </span>
    </div>
  );
}

interface AnnotatorChoiceProps {
  projectId: string;
  annotator: string;
  onChoose: (annotator: string) => void;
}

/** Whose images are shown: anybody's, one person's, nobody's, or those of people who have left. */
function AnnotatorChoice({ projectId, annotator, onChoose }: AnnotatorChoiceProps) {
  const { data: members = [] } = useMembers(projectId);
  const people = members.flatMap(({ user }) =>
    user ? [{ value: user.id, label: user.name || user.email }] : [],
  );
  return (
    <Select
      w={160}
      size="xs"
      aria-label="Assigned to"
      data={[{ value: "", label: "Anybody's" }, ...NOT_PEOPLE, ...people]}
      allowDeselect={false}
      value={annotator}
      onChange={(chosen) => onChoose(chosen ?? "")}
    />
  );
}

function NameSearch({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const [text, setText] = useState(q);
  const searched = useRef(q);
  // Somebody has gone back, or cleared the filter.
  useEffect(() => {
    if (q === searched.current) return;
    searched.current = q;
    setText(q);
  }, [q]);
  const search = useDebouncedCallback((text: string) => {
    searched.current = text.trim();
    onSearch(searched.current);
  }, TYPING_PAUSE_MS);
  return (
    <TextInput
      w={240}
      size="xs"
      leftSection={<IconSearch size={14} />}
      placeholder="Search by name"
      aria-label="Search by name"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}

interface SelectionBarProps {
  project: Project;
  /** What of the selection could not be prepared. */
  failed: string[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onSelectAll: () => void;
}

/** Stands where the filters stand while something is selected. */
export function SelectionBar({ project, failed, selection, onSelect, onSelectAll }: SelectionBarProps) {
  const ids = [...selection.ids];
  const clear = () => onSelect(NOTHING);
  return (
    <section className={classes.toolbar} aria-label="Selected images">
      <strong aria-live="polite">{counted(ids.length, "image")} selected</strong>
      {may(project, "assign") && <AssignMenu projectId={project.id} images={ids} onAssigned={clear} />}
      <Button variant="default" onClick={onSelectAll}>
        Select all
      </Button>
      {may(project, "images.upload") && failed.length > 0 && <RetryButton {...{ project, failed, clear }} />}
      {may(project, "images.delete") && <DeleteButton {...{ project, ids, clear }} />}
      <span className={classes.grow} />
      <Button variant="subtle" leftSection={<IconX size={14} />} onClick={clear}>
        Clear selection
      </Button>
    </section>
  );
}

function RetryButton({ project, failed, clear }: { project: Project; failed: string[]; clear: () => void }) {
  const retry = useRetryImages(project.id);
  return (
    <Button
      variant="default"
      loading={retry.isPending}
      onClick={() => retry.mutate(failed, { onSuccess: clear, onError: toastProblem })}
    >
      Retry {count(failed.length)} failed
    </Button>
  );
}

function DeleteButton({ project, ids, clear }: { project: Project; ids: string[]; clear: () => void }) {
  const remove = useDeleteImages(project.id);
  const ask = () =>
    modals.openConfirmModal({
      title: `Delete ${counted(ids.length, "image")}?`,
      children:
        "Their annotations go with them. This cannot be undone; exports that exist already keep theirs.",
      labels: { confirm: "Delete", cancel: "Keep them" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(ids, { onSuccess: clear, onError: toastProblem }),
    });
  return (
    <Button variant="default" onClick={ask} loading={remove.isPending}>
      Delete…
    </Button>
  );
}
