import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useProgress } from "../../server/projects";
import type { Progress } from "../../server/types";
import { Bar, type BarPart } from "../../ui/bits/Bar";
import { ProblemNotice } from "../../ui/bits/Notice";
import { count } from "../../ui/bits/number";
import { FailedEmbeddings } from "./FailedEmbeddings";
import classes from "./project.module.css";

/** How far the project is: what SAM is ready for, what people have labeled, what reviewers have decided. */
export function Meters({ projectId }: { projectId: string }) {
  const progress = useProgress(projectId);
  if (progress.error) return <ProblemNotice error={progress.error} retry={() => progress.refetch()} />;
  if (!progress.data) return <Skeleton h={52} my={16} />;
  return (
    <div className={classes.meters}>
      <ReadinessMeter projectId={projectId} progress={progress.data} />
      <ImagesMeter images={progress.data.images} />
      <MasksMeter annotations={progress.data.annotations} />
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

function ReadinessMeter({ projectId, progress }: { projectId: string; progress: Progress }) {
  const { queued, running, ready, failed } = progress.embeddings;
  const total = queued + running + ready + failed;
  return (
    <Meter
      name="Ready for clicks"
      value={`${count(ready)} / ${count(total)}`}
      total={total}
      parts={[
        { value: ready, tone: "ok" },
        { value: failed, tone: "bad" },
      ]}
    >
      {failed > 0 && <FailedEmbeddings projectId={projectId} failed={failed} />}
      {waitingLine(progress)}
    </Meter>
  );
}

function waitingLine({ embeddings: { queued, running, ready, failed }, workers_alive }: Progress): ReactNode {
  if (queued > 0 && workers_alive === 0) {
    return (
      <span
        className={classes.warn}
        role="status"
        title="Start an inference worker; the queue is safe until then."
      >
        No worker is running · {count(queued)} wait
      </span>
    );
  }
  if (queued + running > 0) return `${count(running)} being embedded, ${count(queued)} queued`;
  if (ready > 0 && failed === 0) return "SAM answers at once on every image";
  return null;
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
