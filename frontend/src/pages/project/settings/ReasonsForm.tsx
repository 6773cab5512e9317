import { ActionIcon, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useEditProject } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { toastDone } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";

/** Each has a key: the digits. */
const MOST = 9;

/** The reasons for which reviewers send masks back, in the order of their keys. */
export function ReasonsForm({ project }: { project: Pick<Project, "id" | "reject_reasons"> }) {
  const [reasons, setReasons] = useState<readonly string[]>(project.reject_reasons);
  const edit = useEditProject(project.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reject_reasons = reasons.map((reason) => reason.trim());
    edit.mutate({ reject_reasons }, { onSuccess: () => toastDone("The reasons are saved.") });
  };
  const lack = whatLacks(reasons);
  const same = reasons.join("\n") === project.reject_reasons.join("\n");
  return (
    <form onSubmit={submit} className={shell.panel} aria-label="Reasons to reject">
      <Stack gap="sm">
        <Title order={3} size="h5">
          Reasons to reject
        </Title>
        <Text size="sm" c="dimmed">
          Reviewers press X and then the number. Annotators read the reason beside the mask that came back.
        </Text>
        {edit.error && <ProblemNotice error={edit.error} />}
        {reasons.map((reason, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a reason is its place; its words are being typed
          <Reason key={i} place={i} reasons={reasons} onChange={setReasons} reason={reason} />
        ))}
        <Group justify="space-between">
          <Button
            variant="default"
            disabled={reasons.length >= MOST}
            onClick={() => setReasons([...reasons, ""])}
          >
            Add a reason
          </Button>
          <Group gap="sm">
            {lack && (
              <Text size="sm" c="dimmed">
                {lack}
              </Text>
            )}
            <Button type="submit" disabled={same || lack !== null} loading={edit.isPending}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function whatLacks(reasons: readonly string[]): string | null {
  const words = reasons.map((reason) => reason.trim().toLowerCase());
  if (words.length === 0) return "There has to be one at least.";
  if (words.includes("")) return "Each needs some words.";
  return new Set(words).size < words.length ? "Each can be there only once." : null;
}

interface ReasonProps {
  reason: string;
  place: number;
  reasons: readonly string[];
  onChange: (reasons: readonly string[]) => void;
}

function Reason({ reason, place, reasons, onChange }: ReasonProps) {
  const number = place + 1;
  const moved = (by: 1 | -1) => {
    const others = reasons.filter((_, i) => i !== place);
    onChange([...others.slice(0, place + by), reason, ...others.slice(place + by)]);
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <Text component="span" w={20} ta="center">
        <kbd>{number}</kbd>
      </Text>
      <TextInput
        flex={1}
        aria-label={`Reason ${number}`}
        maxLength={100}
        value={reason}
        onChange={(event) => onChange(reasons.with(place, event.currentTarget.value))}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Move reason ${number} up`}
        disabled={place === 0}
        onClick={() => moved(-1)}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Move reason ${number} down`}
        disabled={number === reasons.length}
        onClick={() => moved(1)}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Delete reason ${number}`}
        onClick={() => onChange(reasons.filter((_, i) => i !== place))}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}
