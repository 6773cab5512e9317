import type { Figures, Quality } from "../../../server/types";
import { count } from "../../../ui/bits/number";
import { Card } from "./Card";
import { Lines, Verdicts } from "./charts";
import { type Column, FigureTable } from "./FigureTable";
import {
  errorPoints,
  hundredth,
  percent,
  perHundred,
  randomOrder,
  seconds,
  shares,
  stepName,
} from "./figures";

interface CardOf {
  quality: Quality;
}

export function Errors({ quality }: CardOf) {
  const { sample, step, times } = quality;
  const random = randomOrder(quality);
  const label = (date: string) => stepName(date, step);
  return (
    <Card
      title="Errors found per 100 reviewed"
      note={
        sample.reviewed === 0
          ? "Rejected or fixed, at the first look. Nothing of the random sample has been judged yet, so random order has no line."
          : `Rejected or fixed, at the first look. Random order would have found ${hundredth(random.value)} (95 %: ${random.range}), by ${count(sample.reviewed)} of the random sample.`
      }
      chart={
        <Lines
          points={errorPoints(quality)}
          label={label}
          lines={[
            { name: "Queue", color: "var(--accent)" },
            { name: "Random order", color: "var(--muted)", strokeDasharray: "5 4" },
          ]}
        />
      }
    >
      <FigureTable
        label="Errors found over time"
        rows={times.toReversed()}
        keyOf={(row) => row.date}
        columns={[
          {
            word: step === "day" ? "Day" : `${step === "week" ? "Week" : "Month"} from`,
            value: (row) => label(row.date),
          },
          { word: "First looks", value: (row) => count(row.first) },
          { word: "Errors", value: (row) => count(row.errors) },
          { word: "Per 100", value: (row) => hundredth(perHundred(row.errors, row.first)) },
          {
            word: "Sample",
            title: "Errors in the random sample, of how many of it were judged",
            value: (row) => `${row.sample_errors} / ${row.sample}`,
          },
        ]}
      />
    </Card>
  );
}

const OF_VERDICTS: Column<Figures>[] = [
  { word: "Verdicts", value: (row) => count(row.reviewed) },
  { word: "Fixed", value: (row) => count(row.fixed) },
  { word: "Rejected", value: (row) => count(row.rejected) },
  { word: "Accepted", value: (row) => percent(row.accepted, row.reviewed) },
];

export const ByClass = ({ quality: { classes } }: CardOf) => (
  <Card
    title="Acceptance by class"
    note="What became of what was judged, by its class at that moment."
    chart={<Verdicts rows={classes.slice(0, 12).map((row) => shares(row.name, row))} />}
  >
    <FigureTable
      label="Acceptance by class"
      rows={classes}
      keyOf={(row) => row.class_id}
      columns={[{ word: "Class", value: (row) => row.name }, ...OF_VERDICTS]}
    />
  </Card>
);

export const ByAnnotator = ({ quality: { annotators } }: CardOf) => (
  <Card
    title="Acceptance by annotator"
    note="What became of what each person made."
    chart={<Verdicts rows={annotators.slice(0, 12).map((row) => shares(row.person.name, row))} />}
  >
    <FigureTable
      label="Acceptance by annotator"
      rows={annotators}
      keyOf={(row) => row.person.id}
      columns={[{ word: "Annotator", value: (row) => row.person.name }, ...OF_VERDICTS]}
    />
  </Card>
);

export const Pace = ({ quality: { reviewers, times, step, totals } }: CardOf) => (
  <Card
    title="Seconds a verdict"
    note={
      totals.seconds === null
        ? "No verdict in this time was timed."
        : `The median is ${seconds(totals.seconds)}: a pause for coffee does not move it.`
    }
    chart={
      <Lines
        points={times.map(({ date, seconds }) => ({ date, Median: seconds }))}
        label={(date) => stepName(date, step)}
        lines={[{ name: "Median", color: "var(--accent)" }]}
        unit=" s"
      />
    }
  >
    <FigureTable
      label="Seconds a verdict by reviewer"
      rows={reviewers}
      keyOf={(row) => row.person.id}
      columns={[
        { word: "Reviewer", value: (row) => row.person.name },
        { word: "Verdicts", value: (row) => count(row.reviewed) },
        { word: "Median", value: (row) => seconds(row.seconds) },
        { word: "Accepted", value: (row) => percent(row.accepted, row.reviewed) },
      ]}
    />
  </Card>
);
