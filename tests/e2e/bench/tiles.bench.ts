import { writeFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { fresh, loggedIn, rendererMemory } from "./browser";
import { panning, percentile, zooming } from "./gestures";
import "./probe";

const IMAGE = process.env.BENCH_IMAGES ?? "";
const LIMIT = 12;
const SHARP_MS = 4000;

test("a very large image", async ({ browser }) => {
  const context = await fresh(browser, await loggedIn(browser));
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const opened = await sharpAfter(page, () => page.goto(`/images/${IMAGE}`, { waitUntil: "commit" }).then());
  const fitted = percentile(await panning(page), 0.95);
  const zoom = percentile(await zooming(page), 0.95);
  const close = await sharpAfter(page, async () => {
    for (let i = 0; i < 14; i++) await page.keyboard.press("+");
  });
  const pan = await panning(page, 40);
  const tiles = asked.filter((path) => /\/tiles\/\d+\/\d+\/\d+$/.test(path)).length;
  expect(asked.filter((path) => path.includes(IMAGE) && /\/(file|original)$/.test(path))).toEqual([]);
  const figures = [
    { what: "first sharp view after", unit: "ms", measured: opened },
    { what: "sharp at 100 % after", unit: "ms", measured: close },
    { what: "pan, work a frame, p95", unit: "ms", measured: fitted, limit: LIMIT },
    { what: "pan at 100 %, work a frame, p95", unit: "ms", measured: percentile(pan, 0.95), limit: LIMIT },
    { what: "zoom, work a frame, p95", unit: "ms", measured: zoom, limit: LIMIT },
    { what: "tiles loaded in all", unit: "", measured: tiles },
    {
      what: "memory of the renderer after all of that",
      unit: "MiB",
      measured: await rendererMemory(browser),
      limit: 1200,
    },
  ];
  writeFileSync(process.env.BENCH_FIGURES ?? "figures.json", JSON.stringify(figures));
});

/** Milliseconds until the middle of the picture is as it stays. */
async function sharpAfter(page: Page, deed: () => Promise<void>): Promise<number> {
  const watch = () => page.evaluate(() => window.probe.watch({ x: 300, y: 200, w: 400, h: 300 }));
  const here = page.url().includes(IMAGE);
  const began = here ? await page.evaluate(() => performance.now()) : 0;
  if (here) await watch();
  await deed();
  if (!here) await watch();
  await page.waitForTimeout(SHARP_MS);
  return page.evaluate((began) => window.probe.watched().changed - began, began);
}
