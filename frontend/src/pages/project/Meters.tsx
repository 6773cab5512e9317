import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useProgress } from "../../server/projects";
import type { Progress, Project } from "../../server/types";
import { Bar, type BarPart } from "../../ui/bits/Bar";
import { ProblemNotice } from "../../ui/bits/Notice";
import { about, count } from "../../ui/bits/number";
import { Failed } from "./Failed";
import classes from "./project.module.css";

/** How far the project is: what SAM is ready for, what people have labeled, what reviewers have decided. */
export function Meters({ project }: { project: Pick<Project, "id" | "proposals"> }) {
  const progress = useProgress(project.id);
  if (progress.error) return <ProblemNotice error={progress.error} retry={() => progress.refetch()} />;
  if (!progress.data) return <Skeleton h={55} mt={16} mb={8} />;
  const { embeddings, proposals, images, annotations, workers_alive } = progress.data;
  const ready = { projectId: project.id, workers: workers_alive };
  return (
    <div className={classes.meters}>
      <ReadinessMeter {...ready} name="Ready for clicks" what="embedding" of={embeddings} />
      {project.proposals.enabled && (
        <ReadinessMeter {...ready} name="With proposals" what="proposals" of={proposals} />
      )}
      <ImagesMeter images={images} />
      <MasksMeter annotations={annotations} />
    </div>
  );
}

interface MeterProps {
  name: string;
  value: string;
  total: number;
  parts: BarPart[];
  children: ReactNode;
}

const Meter = ({ name, value, total, parts, children }: MeterProps) => (
  <div className={classes.meter}>
    <div className={classes.meterHead}>
      <span>{name}</span>
      <span>{value}</span>
    </div>
    <Bar label={name} total={total} parts={parts} />
    <div className={classes.meterFoot}>{children}</div>
  </div>
);

interface ReadinessProps {
  projectId: string;
  workers: number;
  name: string;
  what: "embedding" | "proposals";
  of: Progress["embeddings"];
}

function ReadinessMeter({ projectId, workers, name, what, of }: ReadinessProps) {
  const { queued, running, ready, failed } = of;
  const total = queued + running + ready + failed;
  return (
    <Meter
      name={name}
      value={`${count(ready)} / ${count(total)}`}
      total={total}
      parts={[
        { value: ready, tone: "ok" },
        { value: failed, tone: "bad" },
      ]}
    >
      {failed > 0 && <Failed projectId={projectId} failed={failed} what={what} />}
      {queued > 0 && workers === 0 ? <NoWorker waiting={queued} /> : <span>{paceLine(of, DONE[what])}</span>}
    </Meter>
  );
}

const DONE = {
  embedding: "SAM answers at once on every image",
  proposals: "Every image can be labeled by choosing",
};

const NoWorker = ({ waiting }: { waiting: number }) => (
  <span
    className={classes.warn}
    role="status"
    title="Start an inference worker; the queue is safe until then."
  >
    No worker is running · {count(waiting)} wait
  </span>
);

/** What is being made and how long it takes, as far as anybody can tell. */
function paceLine(of: Progress["embeddings"], done: string): string {
  const { queued, running, ready, failed, rate_per_minute: rate, seconds_left: left } = of;
  if (queued + running === 0) return ready > 0 && failed === 0 ? done : "";
  if (rate === null || left === null) return `${count(running)} being made, ${count(queued)} queued`;
  return `${count(Math.max(1, Math.round(rate)))} a minute · ${about(left)} left`;
}

const ImagesMeter = ({ images }: { images: Progress["images"] }) => (
  <Meter
    name="Images done"
    value={`${count(images.done)} / ${count(images.total)}`}
    total={images.total}
    parts={[
      { value: images.done, tone: "ok" },
      { value: images.submitted, tone: "accent" },
      { value: images.returned, tone: "warn" },
    ]}
  >
    {words({ ...images, assigned: images.open, free: images.unassigned }, [
      "submitted",
      "returned",
      "skipped",
      "assigned",
      "free",
    ])}
  </Meter>
);

function MasksMeter({ annotations }: { annotations: Progress["annotations"] }) {
  const { draft, submitted, accepted, rejected } = annotations;
  const total = draft + submitted + accepted + rejected;
  return (
    <Meter
      name="Objects accepted"
      value={`${count(accepted)} / ${count(total)}`}
      total={total}
      parts={[
        { value: accepted, tone: "ok" },
        { value: submitted, tone: "accent" },
        { value: rejected, tone: "bad" },
      ]}
    >
      {words(annotations, ["submitted", "rejected", "draft"])}
    </Meter>
  );
}

/** "3 submitted · 1 returned": only what there is. */
function words<K extends string>(counts: Record<K, number>, names: K[]): string {
  return names.flatMap((name) => (counts[name] > 0 ? [`${count(counts[name])} ${name}`] : [])).join(" · ");
}
