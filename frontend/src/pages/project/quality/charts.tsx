import { BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";

interface LinesProps {
  /** Each with its `date`. */
  points: Record<string, unknown>[];
  lines: { name: string; color: string; strokeDasharray?: string }[];
  label: (date: string) => string;
  unit?: string;
}

const still = { isAnimationActive: false };
const BESIDE = { h: 240, withLegend: true, legendProps: { verticalAlign: "bottom" as const } };

/** Something over time. */
export const Lines = ({ points, lines, label, unit = "" }: LinesProps) => (
  <LineChart
    {...BESIDE}
    data={points}
    dataKey="date"
    series={lines}
    curveType="linear"
    unit={unit}
    xAxisProps={{ tickFormatter: label, minTickGap: 24 }}
    tooltipProps={{ labelFormatter: (date) => (date ? label(String(date)) : "") }}
    lineProps={still}
    lineChartProps={{ accessibilityLayer: false }}
  />
);

/** What became of what was judged, as shares: one bar for each row. */
export const Verdicts = ({ rows }: { rows: Record<string, unknown>[] }) => (
  <BarChart
    {...BESIDE}
    h={Math.max(160, 76 + 34 * rows.length)}
    data={rows}
    dataKey="name"
    type="percent"
    orientation="vertical"
    gridAxis="none"
    yAxisProps={{ width: 96 }}
    maxBarWidth={18}
    series={[
      { name: "Accepted", color: "var(--ok)" },
      { name: "Fixed", color: "var(--warn)" },
      { name: "Rejected", color: "var(--bad)" },
    ]}
    barProps={still}
    barChartProps={{ accessibilityLayer: false }}
  />
);
