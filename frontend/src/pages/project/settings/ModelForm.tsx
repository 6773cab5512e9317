import { NativeSelect, Text } from "@mantine/core";
import { useModels, useProgress } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { counted } from "../../../ui/bits/number";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { SettingsForm } from "./SettingsForm";

/** Which of the installed models answers clicks. */
export function ModelForm({ project }: { project: Pick<Project, "id" | "model" | "version"> }) {
  const models = useModels();
  const { data: progress } = useProgress(project.id);
  const draft = useDraft({ model: project.model }, "the choice of the model");
  const { model } = draft.values;
  const title = (name: string) => models.data?.find((model) => model.name === name)?.title ?? name;
  const options = (models.data ?? []).map(({ name }) => name);
  return (
    <SettingsForm
      {...{ project, draft }}
      label="Choice of the model"
      words={{ model: { label: "Model", tell: title } }}
      changeOf={(changes) => changes}
      done={`${title(model)} takes over.`}
      save="Change the model"
    >
      {models.error && <ProblemNotice error={models.error} />}
      <NativeSelect
        label="Model"
        description="What turns clicks into masks. An operator installs further ones."
        // The present one is shown even where it is no longer installed.
        data={[...new Set([project.model, ...options])].map((name) => ({
          value: name,
          label: title(name),
        }))}
        value={model}
        onChange={(event) => draft.set({ model: event.currentTarget.value })}
      />
      <Text size="sm" c="dimmed" aria-live="polite">
        {draft.dirty
          ? `${counted(progress?.images.total ?? 0, "image")} will be prepared anew in the background. Masks stay as they are, and until an image is done clicks in it are answered by ${title(project.model)}.`
          : "Each mask keeps the model that made it."}
      </Text>
    </SettingsForm>
  );
}
