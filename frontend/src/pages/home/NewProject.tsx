import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useCreateProject } from "../../server/projects";
import { ProblemNotice } from "../../ui/bits/Notice";
import { giveUpUnsaved, useUnsaved } from "../../ui/unsaved/unsaved";
import { useDiscard } from "../../ui/unsaved/useDiscard";
import { type ClassDraft, ClassDrafts } from "./ClassDrafts";

interface NewProjectProps {
  opened: boolean;
  onClose: () => void;
}

export function NewProject({ opened, onClose }: NewProjectProps) {
  const [unsaved, setUnsaved] = useState(false);
  const discard = useDiscard(unsaved ? "the new project" : null, onClose);
  return (
    <Modal opened={opened} onClose={discard.close} title="New project" size="md">
      {discard.question}
      <ProjectForm onClose={discard.close} onUnsaved={setUnsaved} />
    </Modal>
  );
}

interface ProjectFormProps {
  onClose: () => void;
  onUnsaved: (unsaved: boolean) => void;
}

function ProjectForm({ onClose, onUnsaved }: ProjectFormProps) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [drafts, setDrafts] = useState<ClassDraft[]>([]);
  const create = useCreateProject();
  const navigate = useNavigate();
  const unsaved =
    !create.isSuccess && [name, description, ...drafts.map((draft) => draft.name)].some(Boolean);
  useUnsaved(unsaved ? "the new project" : null);
  useEffect(() => {
    onUnsaved(unsaved);
    return () => onUnsaved(false);
  }, [unsaved, onUnsaved]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const classes = drafts.map((draft) => ({ name: draft.name.trim(), colour: draft.colour }));
    create.mutate(
      { name: name.trim(), description: description.trim(), classes: classes.filter((draft) => draft.name) },
      {
        onSuccess: (project) => {
          giveUpUnsaved();
          navigate(`/projects/${project.id}`);
        },
      },
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
