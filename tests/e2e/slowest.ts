import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

const SHOWN = 10;

/** Prints the tests that took longest, at the end of the run. */
export default class Slowest implements Reporter {
  private readonly tests: { seconds: number; title: string }[] = [];

  onTestEnd(test: TestCase, { duration }: TestResult): void {
    const [, , file, ...titles] = test.titlePath();
    this.tests.push({ seconds: duration / 1000, title: `${file} ${titles.join(" ")}` });
  }

  onEnd(): void {
    const slowest = this.tests.sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
    for (const { seconds, title } of slowest) console.log(`${seconds.toFixed(1).padStart(7)}s ${title}`);
  }
}
