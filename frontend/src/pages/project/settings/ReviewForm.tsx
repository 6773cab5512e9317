import {
  Button,
  Group,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Title,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useClasses, useEditProject } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { toastDone } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";
import { policySentences, type ReviewPolicy } from "./reviewWords";

/** What reviewers look at: a policy, and what it comes to in sentences. */
export function ReviewForm({ project }: { project: Pick<Project, "id" | "review"> }) {
  const saved = project.review as ReviewPolicy;
  const [policy, setPolicy] = useState(saved);
  const { data: classes = [] } = useClasses(project.id);
  const edit = useEditProject(project.id);
  const set = (change: Partial<ReviewPolicy>) => setPolicy({ ...policy, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ review: policy }, { onSuccess: () => toastDone("The policy is saved.") });
  };
  const names = classes.filter(({ id }) => policy.second_for.includes(id)).map(({ name }) => name);
  return (
    <form onSubmit={submit} className={shell.panel} aria-label="What is reviewed">
      <Stack gap="sm">
        <Title order={3} size="h5">
          What is reviewed
        </Title>
        {edit.error && <ProblemNotice error={edit.error} />}
        <Numbers policy={policy} set={set} />
        <MultiSelect
          label="Classes that two have to accept"
          description="Always reviewed, by two different people."
          data={classes.map(({ id, name }) => ({ value: id, label: name }))}
          value={policy.second_for}
          onChange={(second_for) => set({ second_for })}
          clearable
          searchable
        />
        <Switch
          label="People may judge their own"
          description="For small teams. Otherwise what somebody drew or changed waits for someone else."
          checked={policy.own}
          onChange={(event) => set({ own: event.currentTarget.checked })}
        />
        <Text size="sm" c="dimmed" aria-live="polite">
          {policySentences(wholeOr(policy, saved), names).join(" ")} It holds for what is handed in from then
          on.
        </Text>
        <Group justify="flex-end">
          <Button type="submit" disabled={same(policy, saved) || !isWhole(policy)} loading={edit.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

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
      description="Percent of what is more certain."
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
      description="So many of everybody’s."
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

const same = (a: ReviewPolicy, b: ReviewPolicy) =>
  a.below === b.below &&
  a.sample === b.sample &&
  a.first === b.first &&
  a.own === b.own &&
  [...a.second_for].sort().join() === [...b.second_for].sort().join();
