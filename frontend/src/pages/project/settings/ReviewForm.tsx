import { MultiSelect, NumberInput, SimpleGrid, Switch, Text, Title } from "@mantine/core";
import { useClasses } from "../../../server/projects";
import type { Project } from "../../../server/types";
import type { Words } from "../../../ui/unsaved/Clashes";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { policySentences, type ReviewPolicy } from "./reviewWords";
import { SettingsForm } from "./SettingsForm";

/** What reviewers look at: a policy, and what it comes to in sentences. */
export function ReviewForm({ project }: { project: Pick<Project, "id" | "review" | "version"> }) {
  const saved = project.review as ReviewPolicy;
  const draft = useDraft(saved, "the review policy");
  const { values: policy, set } = draft;
  const { data: classes = [] } = useClasses(project.id);
  const namesOf = (ids: readonly string[]) =>
    classes.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  return (
    <SettingsForm
      {...{ project, draft }}
      label="What is reviewed"
      words={{
        ...WORDS,
        second_for: { label: "Classes that need two reviewers", tell: (ids) => namesOf(ids).join(", ") },
      }}
      changeOf={(review) => ({ review })}
      done="The policy is saved."
      wrong={!isWhole(policy)}
    >
      <Title order={3} size="h5">
        What is reviewed
      </Title>
      <Numbers policy={policy} set={set} />
      <MultiSelect
        label="Classes that need two reviewers"
        description="Always reviewed, by two different people."
        data={classes.map(({ id, name }) => ({ value: id, label: name }))}
        value={policy.second_for}
        onChange={(second_for) => set({ second_for: [...second_for].sort() })}
        clearable
        searchable
      />
      <Switch
        label="People may review their own work"
        description="For small teams. Otherwise someone else has to review what a person drew or changed."
        checked={policy.own}
        onChange={(event) => set({ own: event.currentTarget.checked })}
      />
      <Text size="sm" c="dimmed" aria-live="polite">
        {policySentences(wholeOr(policy, saved), namesOf(policy.second_for)).join(" ")} It applies to what is
        submitted from then on.
      </Text>
    </SettingsForm>
  );
}

const WORDS: Omit<Words<ReviewPolicy>, "second_for"> = {
  below: { label: "Below this confidence" },
  sample: { label: "Random sample", tell: (share) => `${share * 100} %` },
  first: { label: "First of new annotators" },
  own: { label: "People may review their own work", tell: (own) => (own ? "Yes" : "No") },
};

interface NumbersProps {
  policy: ReviewPolicy;
  set: (change: Partial<ReviewPolicy>) => void;
}

const Numbers = ({ policy, set }: NumbersProps) => (
  <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
    <NumberInput
      label="Below this confidence"
      description="0 to 1. 1 means everything."
      min={0}
      max={1}
      step={0.05}
      decimalScale={2}
      value={policy.below}
      onChange={(below) => set({ below: below as number })}
    />
    <NumberInput
      label="Random sample"
      description="Percentage of the remaining objects."
      min={0}
      max={100}
      step={1}
      decimalScale={1}
      suffix=" %"
      value={typeof policy.sample === "number" ? Math.round(policy.sample * 1000) / 10 : policy.sample}
      onChange={(percent) =>
        set({ sample: (typeof percent === "number" ? percent / 100 : percent) as number })
      }
    />
    <NumberInput
      label="First of new annotators"
      description="The first N objects of each new annotator."
      min={0}
      max={100_000}
      step={5}
      allowDecimal={false}
      value={policy.first}
      onChange={(first) => set({ first: first as number })}
    />
  </SimpleGrid>
);

/** A field that is being cleared holds a text until a number is typed. */
const isWhole = ({ below, sample, first }: ReviewPolicy) =>
  [below, sample, first].every((value) => typeof value === "number");

const wholeOr = (policy: ReviewPolicy, saved: ReviewPolicy) => (isWhole(policy) ? policy : saved);
