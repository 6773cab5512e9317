import { Skeleton } from "@mantine/core";
import { useCalibration } from "../../../server/quality";
import type { Calibration, CalibrationVersion } from "../../../server/types";
import { Bar } from "../../../ui/bits/Bar";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { count, counted } from "../../../ui/bits/number";
import { RelativeTime } from "../../../ui/bits/RelativeTime";
import { Card } from "./Card";
import { FigureTable } from "./FigureTable";
import styles from "./quality.module.css";
import { percent, ReliabilityDiagram } from "./ReliabilityDiagram";

/** Whether a confidence of 0.8 means that reviewers accept 8 in 10. */
export function CalibrationCard({ projectId }: { projectId: string }) {
  const { data, error, isPending, refetch } = useCalibration(projectId);
  if (isPending) return <Skeleton h={320} />;
  if (error) return <ProblemNotice error={error} retry={() => refetch()} />;
  return data.current ? <Fitted {...data} current={data.current} /> : <TooFew {...data} />;
}

function TooFew({ verdicts, needed, without_signals }: Calibration) {
  const given = `${count(verdicts)} of ${counted(needed, "verdict")}`;
  const others = without_signals >= needed ? `${count(needed)} or more` : count(without_signals);
  return (
    <Card
      title="Confidence beside verdicts"
      note={`So far every project has the same formula. From ${counted(needed, "verdict")} on, confidences are fitted to what this project's reviewers decide.`}
    >
      <div className={styles.progress}>
        <Bar label={given} parts={[{ value: verdicts, tone: "accent" }]} total={needed} />
      </div>
      <span className={styles.note}>{given}</span>
      <p className={styles.note}>
        Only verdicts on assessed masks and polygons count.
        {without_signals > 0 && ` ${others} do not count because their objects have not been assessed.`}
      </p>
    </Card>
  );
}

const Fitted = ({ current, history }: { current: CalibrationVersion; history: CalibrationVersion[] }) => (
  <Card
    title="Confidence beside verdicts"
    note="How often masks of a confidence were accepted as they were, by verdicts that the confidence was not fitted to. On the dashed line a confidence of 0.8 means 8 in 10."
    chart={<ReliabilityDiagram bins={current.report.bins} />}
  >
    <Facts {...current} />
    <FigureTable
      label="Accepted by confidence"
      rows={current.report.bins}
      keyOf={({ confidence }) => String(confidence)}
      columns={[
        { word: "Confidence", value: ({ confidence }) => confidence.toFixed(2) },
        { word: "Accepted", value: ({ accepted }) => percent(accepted) },
        { word: "Verdicts", value: ({ n }) => count(n) },
      ]}
    />
    {history.length > 1 && <Versions versions={history} />}
  </Card>
);

function Facts({ report, verdicts, fitted_at }: CalibrationVersion) {
  return (
    <dl className={styles.facts}>
      <div title="Expected calibration error: how far confidences are from the share accepted, on average">
        <dt>Calibration error</dt>
        <dd>{report.ece.toFixed(3)}</dd>
        <span>
          {report.ece_low.toFixed(3)} to {report.ece_high.toFixed(3)} (95 %)
        </span>
      </div>
      <div title="AUROC: how often what is accepted has a higher confidence than what is not; 0.5 is chance">
        <dt>Tells good from bad</dt>
        <dd>{report.auroc?.toFixed(2) ?? "–"}</dd>
        <span>{report.start_auroc?.toFixed(2) ?? "–"} by the start formula</span>
      </div>
      <div>
        <dt>Fitted to</dt>
        <dd>{count(verdicts)}</dd>
        <span>
          verdicts, <RelativeTime at={fitted_at} />
        </span>
      </div>
    </dl>
  );
}

const Versions = ({ versions }: { versions: CalibrationVersion[] }) => (
  <FigureTable
    label="Fits so far"
    rows={versions}
    keyOf={({ version }) => String(version)}
    columns={[
      { word: "Fit", value: ({ version }) => count(version) },
      { word: "Verdicts", value: ({ verdicts }) => count(verdicts) },
      { word: "Calibration error", value: ({ report }) => report.ece.toFixed(3) },
      { word: "AUROC", value: ({ report }) => report.auroc?.toFixed(2) ?? "–" },
    ]}
  />
);
