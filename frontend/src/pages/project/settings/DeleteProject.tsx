import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useDeleteProject, useProgress } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { counted } from "../../../ui/bits/number";
import shell from "../../../ui/shell/shell.module.css";
import { giveUpUnsaved } from "../../../ui/unsaved/unsaved";

export function DeleteProject({ project }: { project: Project }) {
  const { data: progress } = useProgress(project.id);
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <section className={shell.panel}>
      <Group justify="space-between">
        <div>
          <h2>Delete the project</h2>
          <Text size="sm" c="dimmed">
            With {counted(progress?.images.total ?? 0, "image")}, all annotations and their history.
          </Text>
        </div>
        <Button variant="default" onClick={open}>
          Delete…
        </Button>
      </Group>
      <Modal opened={opened} onClose={close} title={`Delete “${project.name}”?`}>
        <Confirmation project={project} onCancel={close} />
      </Modal>
    </section>
  );
}

/** The name must be typed: nobody deletes a project by two quick clicks. */
function Confirmation({ project, onCancel }: { project: Project; onCancel: () => void }) {
  const [typed, setTyped] = useState("");
  const remove = useDeleteProject(project.id);
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const leave = () => {
      giveUpUnsaved();
      navigate("/", { replace: true });
    };
    remove.mutate(undefined, { onSuccess: leave });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {remove.error && <ProblemNotice error={remove.error} />}
        <Text size="sm">
          Its images, annotations and history are gone for everybody. This cannot be undone; files that you
          have downloaded stay yours.
        </Text>
        <TextInput
          label={`Type “${project.name}” to confirm`}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Keep the project
          </Button>
          <Button type="submit" color="red" disabled={typed !== project.name} loading={remove.isPending}>
            Delete it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
