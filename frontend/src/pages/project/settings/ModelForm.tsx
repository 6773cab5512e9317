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
  const draft = useDraft({ model: project.model }, "the model");
  const { model } = draft.values;
  const title = (name: string) => models.data?.find((model) => model.name === name)?.title ?? name;
  const options = (models.data ?? []).map(({ name }) => name);
  return (
    <SettingsForm
      {...{ project, draft }}
      label="Model settings"
      words={{ model: { label: "Model", tell: title } }}
      changeOf={(changes) => changes}
      done={`The project now uses ${title(model)}.`}
      save="Change model"
    >
      {models.error && <ProblemNotice error={models.error} />}
      <NativeSelect
        label="Model"
        description="The model turns clicks into masks. An operator can install more models."
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
          ? `${counted(progress?.images.total ?? 0, "image")} will be prepared again in the background. Existing masks do not change. Until an image is ready, clicks in it use ${title(project.model)}.`
          : "Each mask keeps the model that made it."}
      </Text>
    </SettingsForm>
  );
}
