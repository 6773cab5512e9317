import { ActionIcon, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
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
  const [list, focus] = useFocus(reasons);
  const change = (reasons: readonly string[], next?: Focus) => {
    setReasons(reasons);
    if (next) focus(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reject_reasons = reasons.map((reason) => reason.trim());
    edit.mutate({ reject_reasons }, { onSuccess: () => toastDone("The reasons are saved.") });
  };
  const lack = whatLacks(reasons);
  const same = reasons.join("\n") === project.reject_reasons.join("\n");
  return (
    <form ref={list} onSubmit={submit} className={shell.panel} aria-label="Reasons to reject">
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
          <Reason key={i} place={i} reasons={reasons} onChange={change} reason={reason} />
        ))}
        <Group justify="space-between">
          <Button
            variant="default"
            disabled={reasons.length >= MOST}
            onClick={() => change([...reasons, ""], { place: reasons.length, part: "words" })}
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

/** What of a reason the keys go on with. */
interface Focus {
  readonly place: number;
  readonly part: "words" | "up" | "down";
}

/** The focus goes along with a reason that moves, and to the words of a new one. */
function useFocus(reasons: readonly string[]): [RefObject<HTMLFormElement | null>, (next: Focus) => void] {
  const list = useRef<HTMLFormElement>(null);
  const next = useRef<Focus | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the reason is where it goes once they are shown
  useEffect(() => {
    if (!next.current) return;
    const { place, part } = next.current;
    next.current = null;
    const of = list.current?.querySelectorAll<HTMLElement>("[data-reason]")[place];
    const wanted = of?.querySelector<HTMLElement>(`[data-part=${part}]:not(:disabled)`);
    (wanted ?? of?.querySelector<HTMLElement>("input"))?.focus();
  }, [reasons]);
  return [
    list,
    (focus) => {
      next.current = focus;
    },
  ];
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
  onChange: (reasons: readonly string[], next?: Focus) => void;
}

function Reason({ reason, place, reasons, onChange }: ReasonProps) {
  const number = place + 1;
  const moved = (by: 1 | -1) => {
    const others = reasons.filter((_, i) => i !== place);
    const moved = [...others.slice(0, place + by), reason, ...others.slice(place + by)];
    onChange(moved, { place: place + by, part: by < 0 ? "up" : "down" });
  };
  return (
    <Group gap="xs" wrap="nowrap" data-reason>
      <Text component="span" w={20} ta="center">
        <kbd>{number}</kbd>
      </Text>
      <TextInput
        flex={1}
        data-part="words"
        aria-label={`Reason ${number}`}
        maxLength={100}
        value={reason}
        onChange={(event) => onChange(reasons.with(place, event.currentTarget.value))}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        data-part="up"
        aria-label={`Move reason ${number} up`}
        disabled={place === 0}
        onClick={() => moved(-1)}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        data-part="down"
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
