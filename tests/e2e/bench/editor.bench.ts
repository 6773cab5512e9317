import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { fresh, loggedIn, rendererMemory } from "./browser";
import { answerTo, MIDDLE, panning, percentile, places, zooming } from "./gestures";
import { openNaive } from "./naive";
import "./probe";

const [FIRST = "", SECOND = ""] = (process.env.BENCH_IMAGES ?? "").split(",");

interface Figure {
  what: string;
  unit: string;
  measured: number;
  limit?: number;
  /** The same of the naive canvas. */
  naive?: number;
}

const figures: Figure[] = [];

test("the editor with a crowd of masks", async ({ browser }) => {
  const state = await loggedIn(browser);
  const naive = await measureNaive(await fresh(browser, state));
  const context = await fresh(browser, state);
  const page = await opening(context, naive);
  await moving(page, naive);
  await hovering(page, naive);
  await editing(page, naive);
  await choosing(page);
  await goingOn(page);
  await weighing(browser, naive);
  writeFileSync(process.env.BENCH_FIGURES ?? "figures.json", JSON.stringify(figures));
});

interface Naive {
  usable: number;
  pan: number;
  zoom: number;
  hover: number;
  edit: number;
  memory: number;
}

async function measureNaive(context: BrowserContext): Promise<Naive> {
  const page = await context.newPage();
  const usable = await openNaive(page, FIRST);
  const pan = percentile(await panning(page), 0.95);
  const zoom = percentile(await zooming(page), 0.95);
  const hover: number[] = [];
  const edit: number[] = [];
  for (const at of places(8)) {
    hover.push(await answerTo(page, at, () => page.mouse.move(at.x, at.y)));
    edit.push(await answerTo(page, at, () => page.keyboard.press("Delete")));
  }
  const memory = await rendererMemory(context.browser());
  await context.close();
  return { usable, pan, zoom, hover: percentile(hover, 0.5), edit: percentile(edit, 0.5), memory };
}

/** Opens the image from cold, and clicks until a click selects. */
async function opening(context: BrowserContext, naive: Naive): Promise<Page> {
  const page = await context.newPage();
  const scripts = await countScripts(page);
  await page.goto(`/images/${FIRST}`, { waitUntil: "commit" });
  await page.evaluate(() => window.probe.watch({ x: 300, y: 200, w: 60, h: 60 }));
  const selects = page.evaluate(() =>
    window.probe.when(() => !/^$|Nothing/.test(document.querySelector("[aria-label=Selection] h2")?.textContent ?? "")),
  );
  let selected: number | undefined;
  void selects.then((at) => {
    selected = at;
  });
  while (selected === undefined) {
    await page.keyboard.press("v");
    await page.mouse.click(MIDDLE.x, MIDDLE.y);
    await page.waitForTimeout(30);
  }
  const { transferred, gzipped } = scripts();
  await page.waitForTimeout(3000);
  const { changed } = await page.evaluate(() => window.probe.watched());
  figures.push(
    { what: "usable after", unit: "ms", measured: Math.max(selected, changed), limit: 3000, naive: naive.usable },
    { what: "the first click selects after", unit: "ms", measured: selected },
    { what: "all masks are drawn after", unit: "ms", measured: changed },
    { what: "script until the first click, gzipped", unit: "kB", measured: gzipped / 1000, limit: 350 },
    { what: "script until the first click, as transferred", unit: "kB", measured: transferred / 1000 },
  );
  return page;
}

/** Counts the bytes of scripts from now on. */
async function countScripts(page: Page): Promise<() => { transferred: number; gzipped: number }> {
  const session = await page.context().newCDPSession(page);
  const urls = new Map<string, string>();
  let [transferred, gzipped] = [0, 0];
  session.on("Network.responseReceived", ({ requestId, type, response }) => {
    if (type === "Script") urls.set(requestId, response.url);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const url = urls.get(requestId);
    if (!url) return;
    transferred += encodedDataLength;
    gzipped += gzipSync(readFileSync(`../../frontend/dist${new URL(url).pathname}`)).length;
  });
  await session.send("Network.enable");
  return () => ({ transferred, gzipped });
}

async function moving(page: Page, naive: Naive): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  };
  const before = await busy();
  const pan = await panning(page);
  const panBusy = (await busy()) - before;
  const zoom = await zooming(page);
  for (let i = 0; i < 6; i++) await page.keyboard.press("+");
  await page.waitForTimeout(1500);
  const close = await panning(page, 12);
  await page.keyboard.press("0");
  await page.waitForTimeout(1500);
  figures.push(
    { what: "pan, work a frame, p95", unit: "ms", measured: percentile(pan, 0.95), limit: 12, naive: naive.pan },
    { what: "pan, median", unit: "ms", measured: percentile(pan, 0.5) },
    { what: "pan, the longest frame", unit: "ms", measured: Math.max(...pan) },
    { what: "pan, all of the main thread, mean", unit: "ms", measured: panBusy / pan.length },
    { what: "pan at 100 %, work a frame, p95", unit: "ms", measured: percentile(close, 0.95), limit: 12 },
    { what: "zoom, work a frame, p95", unit: "ms", measured: percentile(zoom, 0.95), limit: 12, naive: naive.zoom },
    { what: "zoom, the longest frame", unit: "ms", measured: Math.max(...zoom) },
  );
}

async function hovering(page: Page, naive: Naive): Promise<void> {
  await page.keyboard.press("Escape");
  await page.keyboard.press("v");
  const answers: number[] = [];
  for (const at of places(20)) answers.push(await answerTo(page, at, () => page.mouse.move(at.x, at.y)));
  figures.push({
    what: "hover highlight, p95",
    unit: "ms",
    measured: percentile(answers, 0.95),
    limit: 50,
    naive: naive.hover,
  });
}

async function editing(page: Page, naive: Naive): Promise<void> {
  const limit = 100;
  const add: number[] = [];
  const paint: number[] = [];
  for (const at of places(6)) {
    await page.keyboard.press("v");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    for (const answers of [add, paint]) {
      await page.mouse.move(at.x, at.y);
      await page.mouse.down();
      await page.mouse.move(at.x + 20, at.y + answers.length, { steps: 5 });
      answers.push(await answerTo(page, at, () => page.mouse.up()));
    }
  }
  const press = async (key: string) => {
    const answers: number[] = [];
    for (const at of places(6)) {
      await page.keyboard.press("v");
      await page.mouse.click(at.x, at.y);
      await page.waitForTimeout(200);
      answers.push(await answerTo(page, at, () => page.keyboard.press(key)));
    }
    return percentile(answers, 0.95);
  };
  const classed = await press("2");
  const deleted = await press("Delete");
  const undone: number[] = [];
  for (const at of places(6).reverse()) undone.push(await answerTo(page, at, () => page.keyboard.press("Control+z")));
  figures.push(
    { what: "a new mask, p95", unit: "ms", measured: percentile(add, 0.95), limit },
    { what: "a brush stroke on it, p95", unit: "ms", measured: percentile(paint, 0.95), limit },
    { what: "another class, p95", unit: "ms", measured: classed, limit },
    { what: "delete, p95", unit: "ms", measured: deleted, limit, naive: naive.edit },
    { what: "undo, p95", unit: "ms", measured: percentile(undone, 0.95), limit },
  );
  await movingPoints(page);
}

/** Drags a point of the polygon in the middle, and looks at what is sent of that. */
async function movingPoints(page: Page): Promise<void> {
  await page.getByTestId("save-state").and(page.locator("[data-state=saved]")).waitFor();
  await page.keyboard.press("v");
  await page.keyboard.press("Escape");
  await page.keyboard.press("0");
  await page.waitForTimeout(1500);
  const middle = await imageMiddle(page);
  // Six image pixels lie on about 1.6 of the screen: the first point is 60 to the right of the middle.
  const point = { x: middle.x + 60 * middle.scale, y: middle.y };
  await page.mouse.click(middle.x, middle.y);
  const moved: number[] = [];
  const sent: number[] = [];
  for (let i = 0; i < 6; i++) {
    await page.mouse.move(point.x + (i % 2) * 10, point.y);
    await page.mouse.down();
    await page.mouse.move(point.x + ((i + 1) % 2) * 10, point.y, { steps: 4 });
    const request = page.waitForRequest((request) => request.url().endsWith("/changes"));
    moved.push(await answerTo(page, point, () => page.mouse.up()));
    sent.push((await request).postData()?.length ?? Number.NaN);
  }
  const object = await page.evaluate(async (id) => {
    let address: string | null = `/api/v1/images/${id}/annotations`;
    while (address !== null) {
      const page: { results: { kind: string }[]; next: string | null } = await (await fetch(address)).json();
      const polygon = page.results.find(({ kind }) => kind === "polygon");
      if (polygon) return JSON.stringify(polygon).length;
      address = page.next;
    }
    return 0;
  }, FIRST);
  figures.push(
    { what: "a moved point, p95", unit: "ms", measured: percentile(moved, 0.95), limit: 100 },
    {
      what: `what is saved of that (the object: ${object} B)`,
      unit: "B",
      measured: Math.max(...sent),
      limit: object + 1000,
    },
  );
}

async function imageMiddle(page: Page): Promise<{ x: number; y: number; scale: number }> {
  const box = await page.getByRole("application").boundingBox();
  if (!box) throw new Error("There is no canvas.");
  const scale = Math.min((box.width - 48) / 4000, (box.height - 48) / 3000);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, scale };
}

async function choosing(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.keyboard.press("s");
  const at = { x: 500, y: 400 };
  await page.mouse.click(at.x, at.y);
  const tray = page.getByRole("listbox", { name: "Candidates" });
  await expect(tray).not.toHaveAttribute("data-pending", "true", { timeout: 30_000 });
  await expect(tray.getByRole("option").first()).toBeVisible();
  await page.waitForTimeout(3000);
  let requests = 0;
  page.on("request", (request) => {
    if (request.url().includes("/predict")) requests++;
  });
  const answers: number[] = [];
  for (let i = 0; i < 6; i++) answers.push(await answerTo(page, at, () => page.keyboard.press("Tab")));
  await page.keyboard.press("Escape");
  figures.push(
    { what: "another candidate, p95", unit: "ms", measured: percentile(answers, 0.95), limit: 50 },
    { what: "requests for that", unit: "", measured: requests, limit: 0 },
  );
}

async function goingOn(page: Page): Promise<void> {
  await page.mouse.move(MIDDLE.x, MIDDLE.y);
  // As long as somebody works on an image at the least.
  await page.waitForTimeout(8000);
  const visible = page.evaluate(() => {
    const from = document.title;
    return window.probe.when(() => {
      const canvas = document.querySelector<HTMLCanvasElement>("[role=application] canvas");
      const drawn = canvas?.width ? canvas.getContext("2d") : null;
      const middle = canvas && drawn?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
      return document.title !== from && middle?.[3] === 255;
    });
  });
  await page.evaluate(() => window.probe.watch({ x: 300, y: 200, w: 60, h: 60 }));
  await page.keyboard.press("f");
  const at = await visible;
  await page.waitForTimeout(4000);
  const { began, changed } = await page.evaluate(() => window.probe.watched());
  expect(page.url()).toContain(SECOND);
  figures.push(
    { what: "the next image, visible after", unit: "ms", measured: at - began, limit: 300 },
    { what: "the next image, all masks drawn after", unit: "ms", measured: changed - began },
  );
}

async function weighing(browser: Browser, naive: Naive): Promise<void> {
  const measured = await rendererMemory(browser);
  figures.push({
    what: "memory of the renderer, two images open in turn",
    unit: "MiB",
    measured,
    limit: 1200,
    naive: naive.memory,
  });
}
