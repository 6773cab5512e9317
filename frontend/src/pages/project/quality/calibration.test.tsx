import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderPage, serve } from "../../../testing/page";
import { CalibrationCard } from "./CalibrationCard";

const report = {
  ece: 0.031,
  ece_low: 0.02,
  ece_high: 0.05,
  auroc: 0.84,
  start_ece: 0.08,
  start_auroc: 0.81,
  bins: [
    { confidence: 0.25, accepted: 0.3, n: 40 },
    { confidence: 0.9, accepted: 0.88, n: 160 },
  ],
};
const version = { version: 2, fitted_at: "2026-11-25T10:00:00Z", verdicts: 200, report };

function show(calibration: object) {
  serve({ "GET /projects/p/calibration": { needed: 50, without_signals: 0, history: [], ...calibration } });
  renderPage(<CalibrationCard projectId="p" />);
}

test("before there are enough verdicts it says how many are missing", async () => {
  show({ verdicts: 12, current: null });
  const bar = await screen.findByRole("progressbar", { name: "12 of 50 verdicts" });
  expect(bar.getAttribute("aria-valuenow")).toBe("12");
  expect(screen.getByText("Only verdicts on assessed masks and polygons count.")).toBeTruthy();
});

test("verdicts that cannot teach are not counted, and it says so", async () => {
  show({ verdicts: 12, without_signals: 50, current: null });
  expect(
    await screen.findByText(/50 or more do not count because their objects have not been assessed/),
  ).toBeTruthy();
});

test("shows the error with its interval, and the diagram also as a table", async () => {
  show({ verdicts: 200, current: version, history: [version, { ...version, version: 1 }] });
  expect(await screen.findByText("0.020 to 0.050 (95 %)")).toBeTruthy();
  expect(document.querySelectorAll("circle")).toHaveLength(2);
  expect(screen.getByText("88 %")).toBeTruthy();
});
