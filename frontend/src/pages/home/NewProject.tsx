import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useCreateProject } from "../../server/projects";
import { ProblemNotice } from "../../ui/bits/Notice";
import { type ClassDraft, ClassDrafts } from "./ClassDrafts";

interface NewProjectProps {
  opened: boolean;
  onClose: () => void;
}

export const NewProject = ({ opened, onClose }: NewProjectProps) => (
  <Modal opened={opened} onClose={onClose} title="New project" size="md">
    <ProjectForm onClose={onClose} />
  </Modal>
);

function ProjectForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [drafts, setDrafts] = useState<ClassDraft[]>([]);
  const create = useCreateProject();
  const navigate = useNavigate();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const classes = drafts.map((draft) => ({ name: draft.name.trim(), colour: draft.colour }));
    create.mutate(
      { name: name.trim(), description: description.trim(), classes: classes.filter((draft) => draft.name) },
      { onSuccess: (project) => navigate(`/projects/${project.id}`) },
    );
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {create.error && <ProblemNotice error={create.error} />}
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          data-autofocus
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="Description"
          description="One or two sentences: what these images are and what the labels are for."
          autosize
          minRows={2}
          maxRows={6}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <ClassDrafts drafts={drafts} onChange={setDrafts} />
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={name.trim() === ""} loading={create.isPending}>
            Make project
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
