import { Button, Checkbox, Group, Radio, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useEditProject } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { toastDone } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";

const KINDS: { value: Project["kinds"][number]; label: string; description: string }[] = [
  { value: "mask", label: "Masks", description: "Pixels: by SAM, brush and eraser." },
  { value: "polygon", label: "Polygons", description: "Outlines of points." },
  { value: "box", label: "Boxes", description: "Upright rectangles." },
  { value: "tag", label: "Tags", description: "Classes of the whole image." },
];

type Fields = Pick<Project, "kinds" | "overlap">;

/** What may be labeled, and whether masks may overlap. */
export function RulesForm({ project }: { project: Project }) {
  const [fields, setFields] = useState<Fields>({ kinds: project.kinds, overlap: project.overlap });
  const edit = useEditProject(project.id);
  const set = (change: Partial<Fields>) => setFields({ ...fields, ...change });
  const same =
    fields.overlap === project.overlap &&
    KINDS.every(({ value }) => fields.kinds.includes(value) === project.kinds.includes(value));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate(fields, { onSuccess: () => toastDone("The settings are saved.") });
  };
  return (
    <form onSubmit={submit} className={shell.panel}>
      <Stack gap="sm">
        {edit.error && <ProblemNotice error={edit.error} />}
        <Checkbox.Group
          label="What is labeled"
          description="The editor offers the tools for these. What is there already stays."
          value={fields.kinds}
          onChange={(kinds) => set({ kinds: kinds as Fields["kinds"] })}
        >
          <Stack gap={6} mt="xs">
            {KINDS.map((kind) => (
              <Checkbox key={kind.value} size="xs" {...kind} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Radio.Group
          label="Overlap"
          value={fields.overlap}
          onChange={(overlap) => set({ overlap: overlap as Fields["overlap"] })}
        >
          <Stack gap={6} mt="xs">
            <Radio size="xs" value="free" label="Free" description="A pixel may belong to several masks." />
            <Radio
              size="xs"
              value="exclusive"
              label="New masks take nothing from old ones"
              description="A pixel belongs to one mask at most, as panoptic segmentation asks. Polygons and boxes are free."
            />
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button type="submit" disabled={same || fields.kinds.length === 0} loading={edit.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
