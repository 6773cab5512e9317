import { writeFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { fresh, loggedIn } from "./browser";
import { percentile } from "./gestures";

const PROJECT = process.env.BENCH_PROJECT ?? "";
const LIMIT = 100;
const EACH = 40;
/** A mask that was on the screen for less is not judged; and people take no less. */
const LOOK_MS = 400;

test("one by one", async ({ browser }) => {
  const context = await fresh(browser, await loggedIn(browser));
  const page = await context.newPage();
  await page.goto(`/projects/${PROJECT}/review`);
  await expect.poll(() => shown(page)).not.toBe("");
  const accepting = await judged(page, ["a"]);
  const rejecting = await judged(page, ["x", "1"]);
  const figures = [
    ...both("A until the next mask is drawn", accepting),
    ...both("X and a reason until the next mask is drawn", rejecting),
  ];
  writeFileSync(process.env.BENCH_FIGURES ?? "figures.json", JSON.stringify(figures));
});

const both = (what: string, times: number[]) =>
  [0.5, 0.95].map((share) => ({
    what: `${what}, p${share * 100} of ${times.length}`,
    unit: "ms",
    measured: percentile(times, share),
    limit: LIMIT,
  }));

async function judged(page: Page, keys: string[]): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < EACH; i++) {
    await page.waitForTimeout(LOOK_MS);
    await page.evaluate(awaitAnother, await shown(page));
    for (const key of keys) await page.keyboard.press(key);
    times.push(await page.evaluate(async () => (await window.next) - window.pressed));
  }
  return times;
}

const shown = (page: Page) =>
  page.evaluate(() => document.querySelector("[data-seen]")?.getAttribute("data-seen") ?? "");

declare global {
  interface Window {
    /** When the last key went down, by the page's clock. */
    pressed: number;
    /** When another mask had been painted, with its photograph: the page marks it then. */
    next: Promise<number>;
  }
}

/** Runs in the page, before the key. */
function awaitAnother(before: string): void {
  window.addEventListener("keydown", (event) => (window.pressed = event.timeStamp), { capture: true });
  window.next = window.probe.when(() => {
    const seen = document.querySelector("[data-seen]")?.getAttribute("data-seen");
    const judged = document.querySelector("[data-judged-id]")?.getAttribute("data-judged-id");
    return Boolean(seen) && seen !== before && seen === judged;
  });
}
