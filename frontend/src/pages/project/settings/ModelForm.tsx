import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useEditProject, useModels, useProgress } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { counted } from "../../../ui/bits/number";
import { toastDone } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";

/** Which of the installed models answers clicks. */
export function ModelForm({ project }: { project: Pick<Project, "id" | "model"> }) {
  const models = useModels();
  const { data: progress } = useProgress(project.id);
  const [chosen, setChosen] = useState(project.model);
  const edit = useEditProject(project.id);
  const same = chosen === project.model;
  const title = (name: string) => models.data?.find((model) => model.name === name)?.title ?? name;
  const options = (models.data ?? []).map(({ name }) => name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ model: chosen }, { onSuccess: () => toastDone(`${title(chosen)} takes over.`) });
  };
  return (
    <form onSubmit={submit} className={shell.panel}>
      <Stack gap="sm">
        {models.error && <ProblemNotice error={models.error} />}
        {edit.error && <ProblemNotice error={edit.error} />}
        <NativeSelect
          label="Model"
          description="What turns clicks into masks. An operator installs further ones."
          // The present one is shown even where it is no longer installed.
          data={[...new Set([project.model, ...options])].map((name) => ({
            value: name,
            label: title(name),
          }))}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed" aria-live="polite">
          {same
            ? "Each mask keeps the model that made it."
            : `${counted(progress?.images.total ?? 0, "image")} will be prepared anew in the background. Masks stay as they are, and until an image is done clicks in it are answered by ${title(project.model)}.`}
        </Text>
        <Group justify="flex-end">
          <Button type="submit" disabled={same} loading={edit.isPending}>
            Change the model
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
