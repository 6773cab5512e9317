import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useEditProject } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { toastDone } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";
import { may, useProjectContext } from "../context";
import styles from "../project.module.css";
import { DeleteProject } from "./DeleteProject";
import { ModelForm } from "./ModelForm";
import { ProposalsForm } from "./ProposalsForm";
import { ReasonsForm } from "./ReasonsForm";
import { ReviewForm } from "./ReviewForm";
import { RulesForm } from "./RulesForm";

export function SettingsTab() {
  const { project } = useProjectContext();
  return (
    <Stack gap="md" className={styles.column}>
      <ProjectForm project={project} />
      <RulesForm project={project} />
      <ModelForm project={project} />
      <ProposalsForm project={project} />
      <ReviewForm project={project} />
      <ReasonsForm project={project} />
      {may(project, "project.delete") && <DeleteProject project={project} />}
    </Stack>
  );
}

type Fields = Pick<Project, "name" | "description" | "guidelines">;

function ProjectForm({ project }: { project: Project }) {
  const [fields, setFields] = useState<Fields>(() => ({
    name: project.name,
    description: project.description,
    guidelines: project.guidelines,
  }));
  const edit = useEditProject(project.id);
  const set = (change: Partial<Fields>) => setFields({ ...fields, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate(fields, { onSuccess: () => toastDone("The settings are saved.") });
  };
  const same = (Object.keys(fields) as (keyof Fields)[]).every((key) => fields[key] === project[key]);
  return (
    <form onSubmit={submit} className={shell.panel}>
      <Stack gap="sm">
        {edit.error && <ProblemNotice error={edit.error} />}
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          maxLength={120}
          value={fields.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          value={fields.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <Textarea
          label="Guidelines"
          description="How to label here: what counts, what does not, how exact the edges are."
          autosize
          minRows={5}
          value={fields.guidelines}
          onChange={(event) => set({ guidelines: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={same || fields.name.trim() === ""} loading={edit.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
