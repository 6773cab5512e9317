import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMe } from "../../server/me";
import { useTitle } from "../../ui/bits/useTitle";
import shell from "../../ui/shell/shell.module.css";
import { MyWork } from "./MyWork";
import { NewProject } from "./NewProject";
import { Projects } from "./Projects";

export function HomePage() {
  useTitle(undefined);
  const { data: me } = useMe();
  const mayCreate = me?.may_create_projects ?? false;
  const [making, { open, close }] = useDisclosure(false);
  return (
    <div className={shell.page}>
      <Stack gap="xl">
        <section aria-labelledby="my-work">
          <h1 id="my-work" style={{ marginBottom: 12 }}>
            My work
          </h1>
          <MyWork />
        </section>
        <section aria-labelledby="projects">
          <Group justify="space-between" mb="sm">
            <h2 id="projects">Projects</h2>
            {mayCreate && (
              <Button leftSection={<IconPlus size={16} />} onClick={open}>
                New project
              </Button>
            )}
          </Group>
          <Projects onNew={mayCreate ? open : undefined} />
        </section>
      </Stack>
      <NewProject opened={making} onClose={close} />
    </div>
  );
}
