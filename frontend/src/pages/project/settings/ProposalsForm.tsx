import { NumberInput, SimpleGrid, Switch, Text } from "@mantine/core";
import { useProgress } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { counted } from "../../../ui/bits/number";
import type { Words } from "../../../ui/unsaved/Clashes";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { SettingsForm } from "./SettingsForm";

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

const WORDS: Words<Fields> = {
  enabled: { label: "Proposals", tell: (enabled) => (enabled ? "On" : "Off") },
  crops: { label: "Look closer for small objects", tell: (crops) => (crops > 0 ? "On" : "Off") },
  ...(Object.fromEntries(NUMBERS.map(({ name, label }) => [name, { label }])) as Pick<
    Words<Fields>,
    Numbers
  >),
};

/** Whether every image gets masks of everything in it, made ahead, and how many of them. */
export function ProposalsForm({ project }: { project: Pick<Project, "id" | "proposals" | "version"> }) {
  const draft = useDraft<Fields>(project.proposals, "the proposal settings");
  const { values, set } = draft;
  return (
    <SettingsForm
      {...{ project, draft }}
      label="Proposal settings"
      words={WORDS}
      changeOf={(proposals) => ({ proposals })}
      done="The settings are saved."
      wrong={!isWhole(values)}
    >
      <Switch
        label="Proposals"
        description="Masks of everything in each image, computed in advance. Press G while labeling to choose from them."
        checked={values.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      <SimpleGrid cols={2} spacing="md" verticalSpacing="sm">
        {NUMBERS.map(({ name, decimals, ...field }) => (
          <NumberInput
            key={name}
            {...field}
            allowDecimal={decimals > 0}
            decimalScale={decimals}
            disabled={!values.enabled}
            value={values[name]}
            onChange={(value) => set({ [name]: value })}
          />
        ))}
      </SimpleGrid>
      <Switch
        label="Look closer for small objects"
        description="Also searches four parts of each image, which takes about five times as long."
        disabled={!values.enabled}
        checked={values.crops > 0}
        onChange={(event) => set({ crops: event.currentTarget.checked ? 1 : 0 })}
      />
      <Consequence project={project} same={!draft.dirty} enabled={values.enabled} />
    </SettingsForm>
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
