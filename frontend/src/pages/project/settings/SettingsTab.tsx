import { Stack, Textarea, TextInput } from "@mantine/core";
import type { Project } from "../../../server/types";
import type { Words } from "../../../ui/unsaved/Clashes";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { may, useProjectContext } from "../context";
import styles from "../project.module.css";
import { DeleteProject } from "./DeleteProject";
import { ModelForm } from "./ModelForm";
import { ProposalsForm } from "./ProposalsForm";
import { ReasonsForm } from "./ReasonsForm";
import { ReviewForm } from "./ReviewForm";
import { RulesForm } from "./RulesForm";
import { SettingsForm } from "./SettingsForm";

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

const WORDS: Words<Fields> = {
  name: { label: "Name" },
  description: { label: "Description" },
  guidelines: { label: "Guidelines" },
};

function ProjectForm({ project }: { project: Project }) {
  const { name, description, guidelines } = project;
  const draft = useDraft<Fields>({ name, description, guidelines }, "the name, description or guidelines");
  const { values, set } = draft;
  return (
    <SettingsForm
      {...{ project, draft }}
      label="The project"
      words={WORDS}
      changeOf={(changes) => changes}
      done="The settings are saved."
      wrong={values.name.trim() === ""}
    >
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        maxLength={120}
        value={values.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={values.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Textarea
        label="Guidelines"
        description="How to label here: what counts, what does not, how exact the edges are."
        autosize
        minRows={5}
        value={values.guidelines}
        onChange={(event) => set({ guidelines: event.currentTarget.value })}
      />
    </SettingsForm>
  );
}
