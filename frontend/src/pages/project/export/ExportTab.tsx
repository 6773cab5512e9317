import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useExports } from "../../../server/exports";
import { flat } from "../../../server/pages";
import { EmptyState } from "../../../ui/bits/EmptyState";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { useProjectContext } from "../context";
import styles from "../project.module.css";
import { ExportTable } from "./ExportTable";
import { NewExport } from "./NewExport";

export function ExportTab() {
  const { project } = useProjectContext();
  const exports = useExports(project.id);
  const items = flat(exports.data);
  return (
    <Stack gap="md" className={styles.column}>
      <NewExport projectId={project.id} />
      {exports.isPending && <Skeleton h={120} />}
      {exports.error && <ProblemNotice error={exports.error} retry={() => exports.refetch()} />}
      {exports.data && items.length === 0 && (
        <EmptyState title="No exports yet">
          An export is a file with the dataset as it is at this moment, or was at an earlier one. It is made
          in the background, stays here to be downloaded, and never changes.
        </EmptyState>
      )}
      {items.length > 0 && <ExportTable exports={items} />}
      {exports.hasNextPage && (
        <Group>
          <Button
            variant="default"
            onClick={() => exports.fetchNextPage()}
            loading={exports.isFetchingNextPage}
          >
            Older exports
          </Button>
          <Text size="sm" c="dimmed">
            {items.length} shown
          </Text>
        </Group>
      )}
    </Stack>
  );
}
