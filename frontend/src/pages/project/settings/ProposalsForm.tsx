import { Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useEditProject, useProgress } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { counted } from "../../../ui/bits/number";
import { toastDone } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";

type Fields = Project["proposals"];
type Numbers = "points_per_side" | "predicted_iou" | "stability" | "minimum_area";

interface NumberField {
  name: Numbers;
  label: string;
  description: string;
  min: number;
  max: number;
  step: number;
  decimals: number;
}

const NUMBERS: NumberField[] = [
  {
    name: "points_per_side",
    label: "Points a side",
    description: "How densely SAM is asked. More find what is smaller, and take longer.",
    min: 4,
    max: 64,
    step: 4,
    decimals: 0,
  },
  {
    name: "minimum_area",
    label: "Smallest area",
    description: "In pixels of the image. Anything smaller is left out.",
    min: 0,
    max: 1_000_000_000,
    step: 50,
    decimals: 0,
  },
  {
    name: "predicted_iou",
    label: "Least quality",
    description: "What SAM says of a mask, 0 to 1. Higher leaves out doubtful ones.",
    min: 0,
    max: 1,
    step: 0.01,
    decimals: 2,
  },
  {
    name: "stability",
    label: "Least stability",
    description: "How sharp its edges are, 0 to 1. Higher leaves out vague ones.",
    min: 0,
    max: 1,
    step: 0.01,
    decimals: 2,
  },
];

/** Whether every image gets masks of everything in it, made ahead, and how many of them. */
export function ProposalsForm({ project }: { project: Pick<Project, "id" | "proposals"> }) {
  const [fields, setFields] = useState(project.proposals);
  const edit = useEditProject(project.id);
  const set = (change: Partial<Record<keyof Fields, unknown>>) =>
    setFields({ ...fields, ...change } as Fields);
  const same = (Object.keys(fields) as (keyof Fields)[]).every(
    (key) => fields[key] === project.proposals[key],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ proposals: fields }, { onSuccess: () => toastDone("The settings are saved.") });
  };
  return (
    <form onSubmit={submit} className={shell.panel}>
      <Stack gap="sm">
        {edit.error && <ProblemNotice error={edit.error} />}
        <Switch
          label="Proposals"
          description="Masks of everything in each image, made ahead: press G while labeling and choose."
          checked={fields.enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
        <SimpleGrid cols={2} spacing="md" verticalSpacing="sm">
          {NUMBERS.map(({ name, decimals, ...field }) => (
            <NumberInput
              key={name}
              {...field}
              allowDecimal={decimals > 0}
              decimalScale={decimals}
              disabled={!fields.enabled}
              value={fields[name]}
              onChange={(value) => set({ [name]: value })}
            />
          ))}
        </SimpleGrid>
        <Switch
          label="Look closer for small objects"
          description="Searches four parts of each image too, which takes about five times as long."
          disabled={!fields.enabled}
          checked={fields.crops > 0}
          onChange={(event) => set({ crops: event.currentTarget.checked ? 1 : 0 })}
        />
        <Consequence project={project} same={same} enabled={fields.enabled} />
        <Group justify="flex-end">
          <Button type="submit" disabled={same || !isWhole(fields)} loading={edit.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ConsequenceProps {
  project: Pick<Project, "id" | "proposals">;
  same: boolean;
  enabled: boolean;
}

/** What saving does, said before it is done. */
function Consequence({ project, same, enabled }: ConsequenceProps) {
  const { data: progress } = useProgress(project.id);
  const images = counted(progress?.images.total ?? 0, "image");
  const told = () => {
    if (same) return "Annotations are never changed by this.";
    if (!enabled) return `The proposals of ${images} are put away, and none are made. Annotations stay.`;
    return `Proposals for ${images} are computed in the background, after the embeddings. Those there are stay until then.`;
  };
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {told()}
    </Text>
  );
}

/** A field that is being cleared holds a text until a number is typed. */
const isWhole = (fields: Fields) => NUMBERS.every(({ name }) => typeof fields[name] === "number");
