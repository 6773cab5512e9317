import { ActionIcon, Button, Group, Text, TextInput, Title } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { type RefObject, useEffect, useRef } from "react";
import type { Project } from "../../../server/types";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { SettingsForm } from "./SettingsForm";

/** Each has a key: the digits. */
const MOST = 9;

interface Fields {
  readonly reasons: readonly string[];
}

/** The reasons for which reviewers send masks back, in the order of their keys. */
export function ReasonsForm({ project }: { project: Pick<Project, "id" | "reject_reasons" | "version"> }) {
  const draft = useDraft<Fields>({ reasons: project.reject_reasons }, "the reasons to reject");
  const { reasons } = draft.values;
  const [list, focus] = useFocus(reasons);
  const change = (reasons: readonly string[], next?: Focus) => {
    draft.set({ reasons });
    if (next) focus(next);
  };
  return (
    <SettingsForm
      {...{ project, draft }}
      ref={list}
      label="Reasons to reject"
      words={{ reasons: { label: "Reasons", tell: (reasons) => reasons.join("\n") } }}
      changeOf={({ reasons = [] }) => ({ reject_reasons: reasons.map((reason) => reason.trim()) })}
      done="The reasons are saved."
      wrong={whatLacks(reasons)}
      beside={
        <Button
          variant="default"
          disabled={reasons.length >= MOST}
          onClick={() => change([...reasons, ""], { place: reasons.length, part: "words" })}
        >
          Add a reason
        </Button>
      }
    >
      <Title order={3} size="h5">
        Reasons to reject
      </Title>
      <Text size="sm" c="dimmed">
        Reviewers press X and then the number. Annotators read the reason beside the mask that came back.
      </Text>
      {reasons.map((reason, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a reason is its place; its words are being typed
        <Reason key={i} place={i} reasons={reasons} onChange={change} reason={reason} />
      ))}
    </SettingsForm>
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
