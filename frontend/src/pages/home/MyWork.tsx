import { Button, Skeleton } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Link } from "react-router";
import { useMyComments } from "../../server/comments";
import { useMyAssignments } from "../../server/me";
import { useRejectReasons } from "../../server/rejections";
import type { Assignment, Talk } from "../../server/types";
import { Chip } from "../../ui/bits/Chip";
import { ProblemNotice } from "../../ui/bits/Notice";
import { counted } from "../../ui/bits/number";
import { RelativeTime } from "../../ui/bits/RelativeTime";
import { Thumb } from "../../ui/bits/Thumb";
import classes from "./home.module.css";
import { NothingAssigned } from "./NothingAssigned";

/** What came back is shown first: somebody waits for it. */
export function MyWork() {
  const work = useMyAssignments();
  const items = returnedFirst(work.data ?? []);
  const talks = useMyComments().data ?? [];
  const reasons = useRejectReasons(items.filter(isReturned).map((item) => item.image.id));
  if (work.isPending) return <Skeleton h={132} radius="md" />;
  if (work.error) return <ProblemNotice error={work.error} retry={() => work.refetch()} />;
  const others = talks.filter(({ image }) => !items.some((item) => item.image.id === image));
  if (items.length + others.length === 0) {
    return <NothingAssigned />;
  }
  return (
    <ul className={classes.work}>
      {items.map((item) => (
        <WorkItem
          key={item.id}
          item={item}
          reasons={reasons.get(item.image.id) ?? []}
          talk={talks.find(({ image }) => image === item.image.id)}
        />
      ))}
      {others.map((talk) => (
        <TalkItem key={talk.image} talk={talk} />
      ))}
    </ul>
  );
}

const isReturned = (item: Assignment) => item.state === "returned";

export const returnedFirst = (items: Assignment[]): Assignment[] =>
  [...items].sort((a, b) => Number(isReturned(b)) - Number(isReturned(a)));

interface WorkItemProps {
  item: Assignment;
  reasons: string[];
  talk: Talk | undefined;
}

function WorkItem({ item, reasons, talk }: WorkItemProps) {
  return (
    <li className={classes.item}>
      <div className={classes.thumb}>
        <Thumb src={item.image.thumbnail_url} />
      </div>
      <div style={{ minWidth: 0 }}>
        <div className={classes.name}>{item.image.name}</div>
        <div className={classes.sub}>
          {item.project.name} · {counted(item.annotation_count, "object")}
          {talk && ` · ${wordsFor(talk)}`}
        </div>
      </div>
      <div className={classes.state}>
        {isReturned(item) ? (
          <Returned {...{ item, reasons }} missing={talk?.missing ?? 0} />
        ) : (
          <Open {...{ item }} />
        )}
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

/** "1 missing object, 2 comments" */
const wordsFor = ({ missing, comments }: Talk): string =>
  [missing && counted(missing, "missing object"), comments && counted(comments, "open comment")]
    .filter(Boolean)
    .join(", ");

/** An image that is out of my hands, on which somebody has something to say to me. */
const TalkItem = ({ talk }: { talk: Talk }) => (
  <li className={classes.item}>
    <div className={classes.thumb}>
      <Thumb src={`/api/v1/images/${talk.image}/thumbnail`} />
    </div>
    <div style={{ minWidth: 0 }}>
      <div className={classes.name}>{talk.image_name}</div>
      <div className={classes.sub}>{talk.project_name}</div>
    </div>
    <div className={classes.state}>
      <Chip tone="accent">{wordsFor(talk)}</Chip>
      <div className={classes.sub}>
        <RelativeTime at={talk.latest} />
      </div>
    </div>
    <Button
      component={Link}
      to={`/images/${talk.image}?comment=`}
      variant="default"
      aria-label={`Read the comments on ${talk.image_name}`}
    >
      Read
    </Button>
  </li>
);

function whyReturned({ rejected_count, draft_count }: Assignment, missing: number): string {
  if (rejected_count > 0) return `${counted(rejected_count, "mask")} rejected`;
  if (missing > 0) return `${counted(missing, "object")} missing`;
  return draft_count > 0 ? `${counted(draft_count, "object")} to submit` : "to be submitted again";
}

const Returned = ({ item, reasons, missing }: { item: Assignment; reasons: string[]; missing: number }) => (
  <>
    <div className={classes.returned}>
      <IconArrowBackUp size={14} style={{ verticalAlign: -2 }} aria-hidden="true" />{" "}
      {whyReturned(item, missing)}
    </div>
    <div className={classes.sub}>
      {reasons.join(", ") || (missing ? "see the comments in the image" : "")}
    </div>
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
