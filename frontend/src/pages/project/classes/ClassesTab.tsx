import { ActionIcon, Skeleton, Table, TextInput, VisuallyHidden } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconTrash } from "@tabler/icons-react";
import { useClasses, useDeleteClass, useEditClass, useProgress } from "../../../server/projects";
import type { LabelClass } from "../../../server/types";
import { ColourPicker } from "../../../ui/bits/ColourPicker";
import { EmptyState } from "../../../ui/bits/EmptyState";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { count } from "../../../ui/bits/number";
import { toastProblem } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { may, useProjectContext } from "../context";
import styles from "../project.module.css";
import { AddClass } from "./AddClass";
import { Attributes } from "./Attributes";

export function ClassesTab() {
  const { project } = useProjectContext();
  const classes = useClasses(project.id);
  const editable = may(project, "project.edit");
  return (
    <div className={styles.column}>
      {editable && classes.data && <AddClass projectId={project.id} classes={classes.data} />}
      {classes.isPending && <Skeleton h={160} />}
      {classes.error && <ProblemNotice error={classes.error} retry={() => classes.refetch()} />}
      {classes.data?.length === 0 && (
        <EmptyState title="No classes yet">
          A class is a kind of thing to label, such as “sheep”. The first nine get the keys 1 to 9 in the
          editor.
        </EmptyState>
      )}
      {classes.data && classes.data.length > 0 && (
        <ClassTable projectId={project.id} classes={classes.data} editable={editable} />
      )}
    </div>
  );
}

interface ClassTableProps {
  projectId: string;
  classes: LabelClass[];
  editable: boolean;
}

const ClassTable = ({ projectId, classes, editable }: ClassTableProps) => (
  <div className={shell.table}>
    <Table fz="sm" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={48}>Key</Table.Th>
          <Table.Th w={64}>Colour</Table.Th>
          <Table.Th>Name</Table.Th>
          <Table.Th w={140}>Attributes</Table.Th>
          <Table.Th w={96} ta="right">
            Objects
          </Table.Th>
          <Table.Th w={48}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {classes.map((label, index) => (
          <Table.Tr key={label.id}>
            <Table.Td>{index < 9 && <kbd>{index + 1}</kbd>}</Table.Td>
            <ClassCells {...{ projectId, label, editable }} />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
);

interface ClassCellsProps {
  projectId: string;
  label: LabelClass;
  editable: boolean;
}

function ClassCells({ projectId, label, editable }: ClassCellsProps) {
  const { data: progress } = useProgress(projectId);
  const objects = progress?.classes[label.id] ?? 0;
  const edit = useEditClass(projectId);
  const recolour = (colour: string) => edit.mutate({ label, change: { colour } }, { onError: toastProblem });
  return (
    <>
      <Table.Td>
        <ColourPicker colour={label.colour} of={label.name} onChange={recolour} disabled={!editable} />
      </Table.Td>
      <Table.Td>{editable ? <NameField {...{ projectId, label }} /> : label.name}</Table.Td>
      <Table.Td>
        <Attributes {...{ projectId, label, editable }} />
      </Table.Td>
      <Table.Td ta="right">{count(objects)}</Table.Td>
      <Table.Td>{editable && <DeleteClass {...{ projectId, label }} />}</Table.Td>
    </>
  );
}

/** Renamed in place: Enter or leaving the field saves, Escape takes it back. */
function NameField({ projectId, label }: { projectId: string; label: LabelClass }) {
  const edit = useEditClass(projectId);
  const draft = useDraft({ name: label.name }, `the new name of ${label.name}`);
  const [theirs] = draft.clashes.length > 0 ? [label.name] : [];
  const cancel = () => {
    draft.takeTheirs("name");
    edit.reset();
  };
  const save = () => {
    const { changes } = draft;
    const name = changes.name?.trim();
    if (!name) return cancel();
    edit.mutate({ label, change: { name } }, { onSuccess: () => draft.settle(changes) });
  };
  const press = (key: string, field: HTMLElement) => {
    if (key === "Escape") cancel();
    // Leaving the field saves, unless somebody else has renamed the class: that is decided by a key.
    else if (key === "Enter" && theirs === undefined) field.blur();
    else if (key === "Enter") {
      draft.keepMine("name");
      save();
    }
  };
  return (
    <TextInput
      size="xs"
      aria-label={`Name of ${label.name}`}
      value={draft.values.name}
      error={
        theirs === undefined
          ? edit.error?.message
          : `Someone else renamed this class to “${theirs}”. Press Enter to keep your name, or Escape to use theirs.`
      }
      onChange={(event) => draft.set({ name: event.currentTarget.value })}
      onBlur={() => theirs === undefined && draft.dirty && save()}
      onKeyDown={(event) => press(event.key, event.currentTarget)}
    />
  );
}

function DeleteClass({ projectId, label }: { projectId: string; label: LabelClass }) {
  const remove = useDeleteClass(projectId);
  const ask = () =>
    modals.openConfirmModal({
      title: `Delete the class “${label.name}”?`,
      children: "Only a class without objects can be deleted.",
      labels: { confirm: "Delete", cancel: "Keep it" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(label.id, { onError: toastProblem }),
    });
  return (
    <ActionIcon variant="subtle" aria-label={`Delete ${label.name}`} onClick={ask} loading={remove.isPending}>
      <IconTrash size={16} />
    </ActionIcon>
  );
}
