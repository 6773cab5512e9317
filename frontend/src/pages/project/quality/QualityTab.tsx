import { Button, SegmentedControl, Skeleton, Stack } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { qualityCsv, type Span, useQuality } from "../../../server/quality";
import type { Quality } from "../../../server/types";
import { EmptyState } from "../../../ui/bits/EmptyState";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { useProjectContext } from "../context";
import { CalibrationCard } from "./CalibrationCard";
import { ByAnnotator, ByClass, Errors, Pace } from "./cards";
import { lastDays } from "./figures";
import classes from "./quality.module.css";

const SPANS = [
  { value: "28", label: "4 weeks" },
  { value: "84", label: "12 weeks" },
  { value: "365", label: "A year" },
  { value: "3650", label: "All" },
];

/** How good the labels are and what review finds. Its charts are a script of their own: the editor needs none. */
export default function QualityTab() {
  const { project } = useProjectContext();
  const [days, setDays] = useState("84");
  const span = lastDays(Number(days));
  const quality = useQuality(project.id, span);
  return (
    <Stack gap="md" className={classes.page}>
      <Choice projectId={project.id} span={span} days={days} onChange={setDays} />
      {quality.isPending && <Skeleton h={320} />}
      {quality.error && <ProblemNotice error={quality.error} retry={() => quality.refetch()} />}
      {quality.data && <Cards quality={quality.data} projectId={project.id} />}
      <CalibrationCard projectId={project.id} />
    </Stack>
  );
}

interface ChoiceProps {
  projectId: string;
  span: Span;
  days: string;
  onChange: (days: string) => void;
}

const Choice = ({ projectId, span, days, onChange }: ChoiceProps) => (
  <div className={classes.choice}>
    <SegmentedControl size="xs" data={SPANS} value={days} onChange={onChange} aria-label="Time" />
    <Button
      component="a"
      href={qualityCsv(projectId, span)}
      download
      variant="default"
      leftSection={<IconDownload size={14} />}
    >
      Download as CSV
    </Button>
  </div>
);

function Cards({ quality, projectId }: { quality: Quality; projectId: string }) {
  if (quality.totals.reviewed === 0) {
    const review = (
      <Button component={Link} to={`/projects/${projectId}/review`}>
        Review what waits
      </Button>
    );
    return (
      <EmptyState title="Nothing was judged in this time" action={review}>
        With the first verdicts the figures of this page appear: what is accepted by class and by person, how
        long a verdict takes, and how many errors the queue finds beside what random order would have found.
      </EmptyState>
    );
  }
  return (
    <>
      {quality.own && (
        <p className={classes.note}>These are the figures of your own verdicts. Managers see everybody's.</p>
      )}
      <Errors quality={quality} />
      <ByClass quality={quality} />
      <ByAnnotator quality={quality} />
      <Pace quality={quality} />
    </>
  );
}
