import { Box, Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useCreateExport } from "../../../server/exports";
import { useProgress } from "../../../server/projects";
import type { ExportInclude, Progress } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { counted } from "../../../ui/bits/number";
import shell from "../../../ui/shell/shell.module.css";

const CHOICES: { include: ExportInclude; word: string }[] = [
  { include: "accepted", word: "Accepted, by a reviewer or by policy" },
  { include: "not_rejected", word: "All but the rejected" },
  { include: "all", word: "All" },
];

export function NewExport({ projectId }: { projectId: string }) {
  const [include, setInclude] = useState<ExportInclude>("accepted");
  const [name, setName] = useState("");
  const [moment, setMoment] = useState("");
  const create = useCreateExport(projectId);
  const { data: progress } = useProgress(projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ include, name: name.trim(), as_of: moment ? new Date(moment).toISOString() : null });
  };
  // Why it could not be made was said of what was asked for then.
  const forget = () => {
    if (create.isError) create.reset();
  };
  // How many there were at another moment nobody has counted.
  const counts = (choice: ExportInclude) => {
    if (moment) return "as it was then";
    return progress ? counted(included(progress, choice), "object") : "…";
  };
  return (
    <section className={shell.panel}>
      <form onSubmit={submit} onChange={forget}>
        <Group justify="space-between" align="flex-end">
          <Group align="flex-start" gap="xl">
            <Radio.Group
              label={
                <Text component="span" fw={600}>
                  COCO export
                </Text>
              }
              value={include}
              onChange={(value) => setInclude(value as ExportInclude)}
            >
              <Stack gap="xs" mt="xs">
                {CHOICES.map((choice) => (
                  <Radio
                    key={choice.include}
                    size="xs"
                    value={choice.include}
                    label={`${choice.word} · ${counts(choice.include)}`}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <Stack gap="xs" w={220}>
              <TextInput
                size="xs"
                label="Name"
                placeholder="Optional"
                maxLength={200}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                size="xs"
                type="datetime-local"
                label="As it was at"
                description="Empty: as it is now"
                inputWrapperOrder={["label", "input", "description", "error"]}
                value={moment}
                onChange={(event) => setMoment(event.currentTarget.value)}
              />
            </Stack>
          </Group>
          <Button type="submit" loading={create.isPending}>
            Make export
          </Button>
        </Group>
        {create.error && (
          <Box mt="md">
            <ProblemNotice error={create.error} />
          </Box>
        )}
      </form>
    </section>
  );
}

/** How many objects an export made now would hold. */
export function included({ annotations }: Progress, include: ExportInclude): number {
  const { draft, submitted, accepted, rejected } = annotations;
  if (include === "accepted") return accepted;
  return draft + submitted + accepted + (include === "all" ? rejected : 0);
}
