import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  Stack,
  TagsInput,
  Text,
  TextInput,
  VisuallyHidden,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useEditClass } from "../../../server/projects";
import type { Attribute, LabelClass } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { counted } from "../../../ui/bits/number";
import { hasChoices, KINDS, newAttribute, toSave, whyNot } from "./attributeDrafts";

interface AttributesProps {
  projectId: string;
  label: LabelClass;
  editable: boolean;
}

/** What is asked of each object of a class: how many things, and behind that which. */
export function Attributes({ projectId, label, editable }: AttributesProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const { length } = label.attributes;
  if (!editable) return <>{label.attributes.map(({ name }) => name).join(", ")}</>;
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={open}>
        {length === 0 ? "Add…" : counted(length, "attribute")}
        <VisuallyHidden>{length === 0 ? ` attributes of ${label.name}` : ` of ${label.name}`}</VisuallyHidden>
      </Button>
      <Modal opened={opened} onClose={close} size="lg" title={`Attributes of “${label.name}”`}>
        <AttributesForm projectId={projectId} label={label} onDone={close} />
      </Modal>
    </>
  );
}

interface FormProps {
  projectId: string;
  label: LabelClass;
  onDone: () => void;
}

function AttributesForm({ projectId, label, onDone }: FormProps) {
  const [drafts, setDrafts] = useState<readonly Attribute[]>(label.attributes);
  const edit = useEditClass(projectId);
  const why = whyNot(drafts);
  const change = (at: number, fields: Partial<Attribute>) =>
    setDrafts(drafts.map((draft, i) => (i === at ? { ...draft, ...fields } : draft)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ id: label.id, attributes: toSave(drafts) }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          What annotators say of each object. What is required must be said before an image is submitted.
          Values that are there stay, whatever you change here.
        </Text>
        {edit.error && <ProblemNotice error={edit.error} />}
        {drafts.map((draft, at) => (
          <AttributeFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a new one has nothing else to be told by
            key={at}
            draft={draft}
            onChange={(fields) => change(at, fields)}
            onRemove={() => setDrafts(drafts.toSpliced(at, 1))}
          />
        ))}
        <Group justify="space-between">
          <Button variant="default" onClick={() => setDrafts([...drafts, newAttribute()])}>
            Add an attribute
          </Button>
          <Group gap="sm">
            <Text size="sm" c="dimmed" aria-live="polite">
              {why}
            </Text>
            <Button type="submit" disabled={why !== null} loading={edit.isPending}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  draft: Attribute;
  onChange: (fields: Partial<Attribute>) => void;
  onRemove: () => void;
}

function AttributeFields({ draft, onChange, onRemove }: FieldsProps) {
  const { name, kind, choices, required } = draft;
  const title = name || "the new attribute";
  return (
    <Stack gap={6}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          flex={1}
          aria-label={`Name of ${title}`}
          placeholder="Name, such as Fur"
          maxLength={100}
          value={name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          aria-label={`Kind of ${title}`}
          data={KINDS}
          value={kind}
          // The default of one kind is no value of another.
          onChange={(event) =>
            onChange({ kind: event.currentTarget.value as Attribute["kind"], default: null })
          }
        />
        <Checkbox
          size="xs"
          label="Required"
          checked={required}
          onChange={(event) => onChange({ required: event.currentTarget.checked })}
        />
        <ActionIcon variant="subtle" aria-label={`Remove ${title}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        {hasChoices(draft) && (
          <TagsInput
            size="xs"
            flex={1}
            aria-label={`Choices of ${title}`}
            placeholder="A choice, then Enter"
            value={[...choices]}
            onChange={(next) => onChange({ choices: next, default: null })}
          />
        )}
        <DefaultField draft={draft} title={title} onChange={onChange} />
      </Group>
    </Stack>
  );
}

/** What new objects begin with. Several choices at once have none: that would be a guess. */
function DefaultField({
  draft,
  title,
  onChange,
}: Pick<FieldsProps, "draft" | "onChange"> & { title: string }) {
  const { kind, choices, default: value } = draft;
  if (kind === "choices") return null;
  const options =
    kind === "yes_no"
      ? [
          { value: "true", label: "Yes at first" },
          { value: "false", label: "No at first" },
        ]
      : choices.map((choice) => ({ value: choice, label: `${choice} at first` }));
  const shown = value === null || value === undefined ? "" : String(value);
  const read = (text: string) => {
    if (text === "") return null;
    if (kind === "yes_no") return text === "true";
    return kind === "number" && Number.isFinite(Number(text)) ? Number(text) : text;
  };
  const props = { size: "xs", w: 168, "aria-label": `Default of ${title}`, value: shown } as const;
  return kind === "choice" || kind === "yes_no" ? (
    <NativeSelect
      {...props}
      data={[{ value: "", label: "Nothing at first" }, ...options]}
      onChange={(event) => onChange({ default: read(event.currentTarget.value) })}
    />
  ) : (
    <TextInput
      {...props}
      placeholder="Nothing at first"
      onChange={(event) => onChange({ default: read(event.currentTarget.value) })}
    />
  );
}
