import type { CalibrationVersion } from "../../../server/types";
import { counted } from "../../../ui/bits/number";
import styles from "./quality.module.css";

type Bins = CalibrationVersion["report"]["bins"];

const SIDE = 240;
const [LEFT, BELOW, AROUND] = [36, 36, 8];
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const x = (confidence: number) => LEFT + confidence * SIDE;
const y = (accepted: number) => AROUND + (1 - accepted) * SIDE;
/** A dot's area says how many verdicts it stands for. */
const radius = (n: number, most: number) => 2.5 + 5.5 * Math.sqrt(n / most);

export const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What was promised against what came: dots on the diagonal are confidences that can be believed. */
export function ReliabilityDiagram({ bins }: { bins: Bins }) {
  const most = Math.max(...bins.map(({ n }) => n), 1);
  return (
    <svg className={styles.diagram} viewBox={`0 0 ${LEFT + SIDE + AROUND} ${AROUND + SIDE + BELOW}`}>
      <title>Share accepted by confidence</title>
      <Grid />
      <line className={styles.ideal} x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
      <polyline
        className={styles.curve}
        points={bins.map(({ confidence, accepted }) => `${x(confidence)},${y(accepted)}`).join(" ")}
      />
      {bins.map(({ confidence, accepted, n }) => (
        <circle
          key={confidence}
          className={styles.bin}
          cx={x(confidence)}
          cy={y(accepted)}
          r={radius(n, most)}
        >
          <title>{`${percent(confidence)} promised, ${percent(accepted)} accepted, ${counted(n, "verdict")}`}</title>
        </circle>
      ))}
    </svg>
  );
}

const Grid = () => (
  <g className={styles.grid}>
    {TICKS.map((tick) => (
      <g key={tick}>
        <line x1={x(tick)} y1={y(0)} x2={x(tick)} y2={y(1)} />
        <line x1={x(0)} y1={y(tick)} x2={x(1)} y2={y(tick)} />
        <text x={x(tick)} y={y(0) + 14} textAnchor="middle">
          {tick}
        </text>
        <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
          {tick}
        </text>
      </g>
    ))}
    <text x={x(0.5)} y={y(0) + 30} textAnchor="middle">
      confidence
    </text>
    <text transform={`translate(9 ${y(0.5)}) rotate(-90)`} textAnchor="middle">
      accepted
    </text>
  </g>
);
