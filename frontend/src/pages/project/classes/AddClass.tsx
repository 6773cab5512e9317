import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAddClass } from "../../../server/projects";
import type { LabelClass } from "../../../server/types";
import { ColourPicker } from "../../../ui/bits/ColourPicker";
import { nextColour } from "../../../ui/bits/palette";
import { useUnsaved } from "../../../ui/unsaved/unsaved";

export function AddClass({ projectId, classes }: { projectId: string; classes: LabelClass[] }) {
  const [name, setName] = useState("");
  const [chosen, choose] = useState<string>();
  const add = useAddClass(projectId);
  useUnsaved(name.trim() === "" ? null : "a new class");
  const colour = chosen ?? nextColour(classes.map((label) => label.colour));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { name: name.trim(), colour },
      {
        onSuccess: () => {
          // The next name may be on its way in by now.
          setName((now) => (now === name ? "" : now));
          choose(undefined);
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" mb="md" align="flex-start">
        <ColourPicker colour={colour} of="the new class" onChange={choose} />
        <TextInput
          size="xs"
          flex={1}
          aria-label="Name of the new class"
          placeholder="Name of a new class"
          error={add.error?.message}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === ""} loading={add.isPending}>
          Add class
        </Button>
      </Group>
    </form>
  );
}
