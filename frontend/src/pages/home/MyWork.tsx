import { Button, Skeleton } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Link } from "react-router";
import { useMyAssignments } from "../../server/me";
import { useRejectReasons } from "../../server/rejections";
import type { Assignment } from "../../server/types";
import { Chip } from "../../ui/bits/Chip";
import { EmptyState } from "../../ui/bits/EmptyState";
import { ProblemNotice } from "../../ui/bits/Notice";
import { counted } from "../../ui/bits/number";
import { RelativeTime } from "../../ui/bits/RelativeTime";
import { Thumb } from "../../ui/bits/Thumb";
import classes from "./home.module.css";

/** What came back is shown first: somebody waits for it. */
export function MyWork() {
  const work = useMyAssignments();
  const items = returnedFirst(work.data ?? []);
  const reasons = useRejectReasons(items.filter(isReturned).map((item) => item.image.id));
  if (work.isPending) return <Skeleton h={132} radius="md" />;
  if (work.error) return <ProblemNotice error={work.error} retry={() => work.refetch()} />;
  if (items.length === 0) {
    return (
      <EmptyState title="No images wait for you">
        Images that a manager assigns to you, and masks that a reviewer sends back, appear here. In a project
        of yours you can also take the next free image yourself.
      </EmptyState>
    );
  }
  return (
    <ul className={classes.work}>
      {items.map((item) => (
        <WorkItem key={item.id} item={item} reasons={reasons.get(item.image.id) ?? []} />
      ))}
    </ul>
  );
}

const isReturned = (item: Assignment) => item.state === "returned";

export const returnedFirst = (items: Assignment[]): Assignment[] =>
  [...items].sort((a, b) => Number(isReturned(b)) - Number(isReturned(a)));

function WorkItem({ item, reasons }: { item: Assignment; reasons: string[] }) {
  return (
    <li className={classes.item}>
      <div className={classes.thumb}>
        <Thumb src={item.image.thumbnail_url} />
      </div>
      <div style={{ minWidth: 0 }}>
        <div className={classes.name}>{item.image.name}</div>
        <div className={classes.sub}>
          {item.project.name} · {counted(item.annotation_count, "object")}
        </div>
      </div>
      <div className={classes.state}>
        {isReturned(item) ? <Returned {...{ item, reasons }} /> : <Open {...{ item }} />}
      </div>
      <Button
        component={Link}
        to={`/images/${item.image.id}?from=mine`}
        variant="default"
        aria-label={`Continue ${item.image.name}`}
      >
        Continue
      </Button>
    </li>
  );
}

const Returned = ({ item, reasons }: { item: Assignment; reasons: string[] }) => (
  <>
    <div className={classes.returned}>
      <IconArrowBackUp size={14} style={{ verticalAlign: -2 }} aria-hidden="true" />{" "}
      {counted(item.rejected_count, "mask")} rejected
    </div>
    <div className={classes.sub}>{reasons.join(", ") || "see the reasons in the image"}</div>
  </>
);

const Open = ({ item }: { item: Assignment }) => (
  <>
    <Chip tone="accent">open</Chip>
    <div className={classes.sub}>
      <RelativeTime at={item.updated_at} />
    </div>
  </>
);
