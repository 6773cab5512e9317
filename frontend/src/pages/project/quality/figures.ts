import type { Figures, Quality } from "../../../server/types";

/** "86 %", or a dash where nothing can be said. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${Math.round((100 * part) / whole)} %`;

/** Errors among a hundred; null of nothing. */
export const perHundred = (errors: number, reviewed: number): number | null =>
  reviewed === 0 ? null : Math.round((1000 * errors) / reviewed) / 10;

export const hundredth = (value: number | null): string => (value === null ? "–" : value.toFixed(1));

export const seconds = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} s`);

/** What reviewing in random order would have found among a hundred, with its interval in words. */
export function randomOrder({ sample }: Pick<Quality, "sample">): { value: number | null; range: string } {
  const share = (part: number | null) => (part === null ? "–" : String(Math.round(100 * part)));
  return {
    value: perHundred(sample.errors, sample.reviewed),
    range: sample.reviewed === 0 ? "" : `${share(sample.low)}–${share(sample.high)}`,
  };
}

/** Points of the chart of errors: what the queue found in each step beside the one rate of random order. */
export function errorPoints(quality: Pick<Quality, "times" | "sample">) {
  const { value } = randomOrder(quality);
  return quality.times.map((row) => ({
    date: row.date,
    Queue: perHundred(row.errors, row.first),
    "Random order": value,
  }));
}

/** Shares in percent, so that those with few verdicts can be compared with those with many. */
export const shares = (name: string, row: Figures) => ({
  name,
  Accepted: row.accepted,
  Fixed: row.fixed,
  Rejected: row.rejected,
});

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

/** The step that begins on this day: "2 Mar", "Mar 2026". */
export const stepName = (date: string, step: Quality["step"]): string =>
  (step === "month" ? month : day).format(new Date(date));

/** The days of the last so many, today included. */
export function lastDays(days: number, now: Date = new Date()): { since: string; until: string } {
  const iso = (at: Date) => at.toISOString().slice(0, 10);
  return { since: iso(new Date(now.getTime() - (days - 1) * 86_400_000)), until: iso(now) };
}
