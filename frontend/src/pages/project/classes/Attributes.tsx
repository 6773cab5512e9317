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
import { type FormEvent, useEffect, useState } from "react";
import { useEditClass } from "../../../server/projects";
import type { Attribute, LabelClass } from "../../../server/types";
import { counted } from "../../../ui/bits/number";
import { Clashes, type Words } from "../../../ui/unsaved/Clashes";
import { useDiscard } from "../../../ui/unsaved/useDiscard";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { hasChoices, inWords, KINDS, newAttribute, toSave, whyNot } from "./attributeDrafts";

interface AttributesProps {
  projectId: string;
  label: LabelClass;
  editable: boolean;
}

/** What is asked of each object of a class: how many things, and behind that which. */
export function Attributes({ projectId, label, editable }: AttributesProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const [unsaved, setUnsaved] = useState(false);
  const discard = useDiscard(unsaved ? "the attributes" : null, close);
  const { length } = label.attributes;
  if (!editable) return <>{label.attributes.map(({ name }) => name).join(", ")}</>;
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={open}>
        {length === 0 ? "Add…" : counted(length, "attribute")}
        <VisuallyHidden>{length === 0 ? ` attributes of ${label.name}` : ` of ${label.name}`}</VisuallyHidden>
      </Button>
      <Modal opened={opened} onClose={discard.close} size="lg" title={`Attributes of “${label.name}”`}>
        {discard.question}
        <AttributesForm projectId={projectId} label={label} onDone={close} onUnsaved={setUnsaved} />
      </Modal>
    </>
  );
}

interface FormProps {
  projectId: string;
  label: LabelClass;
  onDone: () => void;
  onUnsaved: (unsaved: boolean) => void;
}

interface Drafts {
  readonly attributes: readonly Attribute[];
}

function AttributesForm({ projectId, label, onDone, onUnsaved }: FormProps) {
  const draft = useDraft<Drafts>({ attributes: label.attributes }, `the attributes of ${label.name}`);
  const { attributes: drafts } = draft.values;
  const edit = useEditClass(projectId);
  const why = whyNot(drafts);
  const set = (attributes: readonly Attribute[]) => draft.set({ attributes });
  const change = (at: number, fields: Partial<Attribute>) =>
    set(drafts.map((draft, i) => (i === at ? { ...draft, ...fields } : draft)));
  useEffect(() => {
    onUnsaved(draft.dirty);
    return () => onUnsaved(false);
  }, [draft.dirty, onUnsaved]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ label, change: { attributes: toSave(drafts) } }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          What annotators say of each object. What is required must be said before an image is submitted.
          Values that are there stay, whatever you change here.
        </Text>
        <Clashes draft={draft} words={WORDS} error={edit.error} />
        {drafts.map((draft, at) => (
          <AttributeFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a new one has nothing else to be told by
            key={at}
            draft={draft}
            onChange={(fields) => change(at, fields)}
            onRemove={() => set(drafts.toSpliced(at, 1))}
          />
        ))}
        <Group justify="space-between">
          <Button variant="default" onClick={() => set([...drafts, newAttribute()])}>
            Add an attribute
          </Button>
          <Group gap="sm">
            <Text size="sm" c="dimmed" aria-live="polite">
              {why}
            </Text>
            <Button
              type="submit"
              disabled={why !== null || draft.clashes.length > 0}
              loading={edit.isPending}
            >
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

const WORDS: Words<Drafts> = {
  attributes: { label: "Attributes", tell: (attributes) => attributes.map(inWords).join("\n") },
};

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
