import { Button, Skeleton } from "@mantine/core";
import { useDeleted } from "../../server/annotations";
import { EmptyState } from "../bits/EmptyState";
import { ProblemNotice } from "../bits/Notice";
import { RelativeTime } from "../bits/RelativeTime";
import styles from "./history.module.css";

interface DeletedProps {
  image: string;
  nameOfClass: (id: string) => string;
  choose: (annotation: string) => void;
}

/** What was deleted on the image; each leads to its history, from which it can be restored. */
export function Deleted({ image, nameOfClass, choose }: DeletedProps) {
  const deleted = useDeleted(image);
  if (deleted.isPending) return <Skeleton h={120} />;
  if (deleted.error) return <ProblemNotice error={deleted.error} retry={() => deleted.refetch()} />;
  const rows = deleted.data;
  if (rows.length === 0) {
    return (
      <EmptyState title="Nothing was deleted here">
        What is deleted on this image can be found and restored here.
      </EmptyState>
    );
  }
  return (
    <ul className={styles.deleted} aria-label="Deleted">
      {rows.map((row) => (
        <li key={row.id}>
          <span>
            <b>{nameOfClass(row.class_id)}</b> {row.kind}, deleted by {row.updated_by?.name}{" "}
            {row.deleted_at && <RelativeTime at={row.deleted_at} />}
          </span>
          <Button variant="default" onClick={() => choose(row.id)}>
            History
          </Button>
        </li>
      ))}
      {deleted.hasNextPage && (
        <li>
          <Button variant="default" onClick={() => deleted.fetchNextPage()}>
            Earlier
          </Button>
        </li>
      )}
    </ul>
  );
}
