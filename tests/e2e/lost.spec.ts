import { expect, type Page, type Route } from "@playwright/test";
import { saved } from "./canvas";
import { open } from "./desk";
import { MANAGER } from "./people";
import { test } from "./test";
import { tryNow } from "./unsaved";

const EDITS = 300;
const SEED = Number(process.env.SEED ?? 20261122);

interface Held {
  id: string;
  kind: string;
  class_id: string;
  bbox: number[];
  segmentation: { counts: string } | null;
}

const state = (page: Page) => page.getByTestId("save-state");
/** How many objects the page has: its list draws only those in sight. */
const count = async (page: Page) => {
  const tab = await page.getByRole("button", { name: /^Objects \d+$/ }).textContent();
  return Number(tab?.replace(/\D/g, ""));
};

/** What the server has, by id, asked past every fault. */
async function held(page: Page, image: string): Promise<Map<string, Held>> {
  const all: Held[] = [];
  let address: string | null = `/api/v1/images/${image}/annotations`;
  while (address !== null) {
    const answer: { results: Held[]; next: string | null } = await (await page.context().request.get(address)).json();
    all.push(...answer.results);
    address = answer.next;
  }
  return new Map(all.map((one) => [one.id, one]));
}

/** Whole numbers below `n`, the same each time for the same seed (mulberry32). */
function dice(seed: number): (n: number) => number {
  let a = seed;
  return (n) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

const REFUSALS = {
  401: { status: 401, code: "not_authenticated", detail: "Log in." },
  412: { status: 412, code: "stale", detail: "Somebody changed this." },
  500: { status: 500, code: "broken", detail: "The server failed." },
  503: { status: 503, code: "down", detail: "The server is starting." },
};

const refuse = (route: Route, status: keyof typeof REFUSALS) =>
  route.fulfill({ status, contentType: "application/problem+json", body: JSON.stringify(REFUSALS[status]) });

/** Lets seven of nine requests that save go wrong, one way or another; answers how often, and how to end it. */
async function disturb(page: Page, roll: (n: number) => number) {
  const counts: Record<string, number> = {};
  let over = false;
  const note = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const faults: [string, (route: Route) => Promise<void>][] = [
    ["fine", (route) => route.continue()],
    ["fine", (route) => route.continue()],
    ["unreachable", (route) => route.abort("connectionrefused")],
    ["answer lost", async (route) => void (await route.fetch().then(() => route.abort("connectionreset")))],
    ["hangs", async (route) => void setTimeout(() => void route.abort("timedout").catch(() => {}), 1500)],
    ["401", (route) => refuse(route, 401)],
    ["412", (route) => refuse(route, 412)],
    ["500", (route) => refuse(route, 500)],
    ["503 after it was done", async (route) => void (await route.fetch().then(() => refuse(route, 503)))],
  ];
  await page.route(/\/(changes|restore|history)$/, async (route) => {
    const [name, act] = over ? faults[0]! : faults[roll(faults.length)]!;
    note(name);
    // A reload may have ended the request under our hands.
    await act(route).catch(() => {});
  });
  return {
    counts,
    end: () => {
      over = true;
    },
  };
}

test(`${EDITS} edits while requests fail: server and page hold the same, nothing doubled, nothing missing`, async ({
  browser,
}) => {
  // Two minutes by itself, three beside one other job: the limit is for what hangs, not for a busy machine.
  test.setTimeout(600_000);
  console.log(`seed ${SEED}`);
  const roll = dice(SEED);
  const { page, canvas, image } = await open(browser);
  const faults = await disturb(page, roll);
  const passed: number[] = [];
  const part = () => 0.1 + roll(80) / 100;
  const drawBox = async () => {
    await page.keyboard.press("r");
    const [x, y] = [part(), part()];
    await canvas.drag([x, y], [Math.min(x + 0.06, 0.95), Math.min(y + 0.06, 0.95)]);
  };
  const paint = async () => {
    await page.keyboard.press("b");
    await page.keyboard.press("Escape");
    await canvas.click(part(), part());
    await page.keyboard.press("Enter");
  };
  const selectOne = async () => {
    await page.keyboard.press("v");
    await page.keyboard.press("Escape");
    for (let i = roll(3); i >= 0; i--) await page.keyboard.press("Tab");
  };
  const onSelected = (key: string) => async () => {
    await selectOne();
    await page.keyboard.press(key);
  };
  const edits = [
    drawBox,
    drawBox,
    drawBox,
    paint,
    paint,
    paint,
    onSelected("1"),
    onSelected("2"),
    onSelected("ArrowRight"),
    onSelected("Shift+ArrowDown"),
    onSelected("Delete"),
    () => page.keyboard.press("Control+z"),
    () => page.keyboard.press("Control+Shift+z"),
  ];
  for (let edit = 0; edit < EDITS; edit++) {
    await logInAgain(page);
    await edits[roll(edits.length)]!();
    if (edit % 50 === 49) {
      const before = await count(page);
      await page.reload();
      await expect(page.getByRole("application")).toBeVisible();
      await expect(page.getByLabel("Loading the photograph")).toHaveCount(0);
      await expect.poll(() => count(page)).toBe(before);
      passed.push(before);
    }
  }
  faults.end();
  await expect(async () => {
    await logInAgain(page);
    await tryNow(page);
    await expect(state(page)).toHaveAttribute("data-state", "saved", { timeout: 1000 });
  }).toPass({ timeout: 40_000 });
  console.log("faults", faults.counts, "objects at reloads", passed);

  const shown = await count(page);
  const picture = await drawn(page);
  const kept = await held(page, image);
  expect(kept.size).toBe(shown);
  expect(shown).toBeGreaterThan(20);
  await page.reload();
  await expect.poll(() => count(page)).toBe(shown);
  await saved(page);
  expect(await held(page, image)).toEqual(kept);
  expect(await differing(page, picture, await drawn(page))).toBe(0);
});

/**
 * What the canvas shows with nothing selected, once it is all drawn anew: edits draw only the part that they touch, and
 * where that cuts an edge its pixels are smoothed a little otherwise.
 */
async function drawn(page: Page): Promise<string> {
  await page.keyboard.press("v");
  await page.keyboard.press("Escape");
  await page.mouse.move(0, 0);
  await page.getByLabel("Loading the photograph").waitFor({ state: "detached" });
  for (const key of ["+", "0"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(1000);
  }
  // Many shapes are drawn over several frames.
  let [last, picture] = ["", await seen(page)];
  while (picture !== last) {
    await page.waitForTimeout(500);
    [last, picture] = [picture, await seen(page)];
  }
  return picture;
}

/** All layers and their tiles on one canvas. */
const seen = (page: Page): Promise<string> =>
  page.getByRole("application").evaluate((host) => {
    const place = host.getBoundingClientRect();
    const picture = Object.assign(document.createElement("canvas"), { width: place.width, height: place.height });
    const context = picture.getContext("2d")!;
    for (const canvas of host.querySelectorAll("canvas")) {
      const { x, y, width, height } = canvas.getBoundingClientRect();
      const shown = width > 0 && getComputedStyle(canvas).visibility === "visible";
      if (shown) context.drawImage(canvas, x - place.x, y - place.y, width, height);
    }
    return picture.toDataURL();
  });

/** How many pixels of two pictures differ. */
const differing = (page: Page, before: string, after: string): Promise<number> =>
  page.evaluate(
    async ([before, after]) => {
      const pixels = async (url: string) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
        canvas.drawImage(image, 0, 0);
        return canvas.getImageData(0, 0, image.width, image.height).data;
      };
      let count = 0;
      const [a, b] = await Promise.all([pixels(before!), pixels(after!)]);
      for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
      return count;
    },
    [before, after],
  );

/** The login over the page, when one of the faults has brought it up. */
async function logInAgain(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  if (!(await dialog.isVisible())) return;
  // What is sent right after the login may be refused as well, and bring the dialog up again.
  await expect(async () => {
    if (await dialog.isVisible()) {
      await dialog.getByRole("textbox", { name: "Password" }).fill(MANAGER.password);
      await dialog.getByRole("button", { name: "Log in" }).click();
    }
    await expect(dialog).toHaveCount(0, { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
}
