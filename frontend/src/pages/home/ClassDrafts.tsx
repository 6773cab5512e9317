import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { ColourPicker } from "../../ui/bits/ColourPicker";
import { nextColour } from "../../ui/bits/palette";

export interface ClassDraft {
  key: number;
  name: string;
  colour: string;
}

interface ClassDraftsProps {
  drafts: ClassDraft[];
  onChange: (drafts: ClassDraft[]) => void;
}

export function addDraft(drafts: ClassDraft[]): ClassDraft[] {
  const key = Math.max(0, ...drafts.map((draft) => draft.key)) + 1;
  return [...drafts, { key, name: "", colour: nextColour(drafts.map((draft) => draft.colour)) }];
}

/** The classes of a project that does not exist yet; Enter in a name adds the next one. */
export function ClassDrafts({ drafts, onChange }: ClassDraftsProps) {
  const edit = (key: number, change: Partial<ClassDraft>) =>
    onChange(drafts.map((draft) => (draft.key === key ? { ...draft, ...change } : draft)));
  const addOnEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    onChange(addDraft(drafts));
  };
  return (
    <Fieldset
      variant="unstyled"
      legend={
        <Text size="sm" fw={500}>
          Classes
        </Text>
      }
    >
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          What there is to label. More can be added at any time.
        </Text>
        {drafts.map((draft, index) => (
          <Group key={draft.key} gap="xs" wrap="nowrap">
            <ColourPicker
              colour={draft.colour}
              of={draft.name || `class ${index + 1}`}
              onChange={(colour) => edit(draft.key, { colour })}
            />
            <TextInput
              flex={1}
              aria-label={`Name of class ${index + 1}`}
              placeholder="Name"
              autoFocus={draft.name === ""}
              value={draft.name}
              onChange={(event) => edit(draft.key, { name: event.currentTarget.value })}
              onKeyDown={addOnEnter}
            />
            <ActionIcon
              variant="subtle"
              aria-label={`Leave out ${draft.name || `class ${index + 1}`}`}
              onClick={() => onChange(drafts.filter((other) => other.key !== draft.key))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => onChange(addDraft(drafts))}
        >
          Add a class
        </Button>
      </Stack>
    </Fieldset>
  );
}
