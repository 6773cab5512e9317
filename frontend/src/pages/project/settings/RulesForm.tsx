import { Checkbox, Radio, Stack } from "@mantine/core";
import type { Project } from "../../../server/types";
import type { Words } from "../../../ui/unsaved/Clashes";
import { useDraft } from "../../../ui/unsaved/useDraft";
import { SettingsForm } from "./SettingsForm";

const KINDS: { value: Project["kinds"][number]; label: string; description: string }[] = [
  { value: "mask", label: "Masks", description: "Pixels: by SAM, brush and eraser." },
  { value: "polygon", label: "Polygons", description: "Outlines of points." },
  { value: "box", label: "Boxes", description: "Upright rectangles." },
  { value: "tag", label: "Tags", description: "Classes of the whole image." },
];

type Fields = Pick<Project, "kinds" | "overlap">;

const inOrder = (kinds: readonly string[]): Fields["kinds"] =>
  KINDS.map(({ value }) => value).filter((kind) => kinds.includes(kind));

const WORDS: Words<Fields> = {
  kinds: {
    label: "Annotation types",
    tell: (kinds) =>
      KINDS.filter(({ value }) => kinds.includes(value))
        .map(({ label }) => label)
        .join(", "),
  },
  overlap: {
    label: "Overlap",
    tell: (overlap) => (overlap === "free" ? "Free" : "No overlap (existing masks keep their pixels)"),
  },
};

/** What may be labeled, and whether masks may overlap. */
export function RulesForm({ project }: { project: Project }) {
  const draft = useDraft<Fields>(
    { kinds: inOrder(project.kinds), overlap: project.overlap },
    "the annotation types",
  );
  const { values, set } = draft;
  return (
    <SettingsForm
      {...{ project, draft }}
      label="Labeling rules"
      words={WORDS}
      changeOf={(changes) => changes}
      done="The settings are saved."
      wrong={values.kinds.length === 0}
    >
      <Checkbox.Group
        label="Annotation types"
        description="The editor offers tools for these. Existing annotations stay."
        value={values.kinds}
        onChange={(kinds) => set({ kinds: inOrder(kinds) })}
      >
        <Stack gap={6} mt="xs">
          {KINDS.map((kind) => (
            <Checkbox key={kind.value} size="xs" {...kind} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Radio.Group
        label="Overlap"
        value={values.overlap}
        onChange={(overlap) => set({ overlap: overlap as Fields["overlap"] })}
      >
        <Stack gap={6} mt="xs">
          <Radio size="xs" value="free" label="Free" description="A pixel may belong to several masks." />
          <Radio
            size="xs"
            value="exclusive"
            label="No overlap (existing masks keep their pixels)"
            description="Each pixel belongs to at most one mask, as in panoptic segmentation. Polygons and boxes may overlap."
          />
        </Stack>
      </Radio.Group>
    </SettingsForm>
  );
}
