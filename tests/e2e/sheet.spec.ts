import { type Browser, expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { logIn, MANAGER } from "./people";
import { test } from "./test";
import { makeWaiting, stateOf, type Waiting } from "./waiting";

interface Sheet extends Waiting {
  page: Page;
}

const cards = (page: Page) => page.getByRole("listbox").getByRole("option");
/** Those whose pictures are still on the way. */
const loading = (page: Page) => page.getByRole("listbox").locator("[data-loading]");

async function seen(page: Page): Promise<void> {
  await expect(cards(page).first()).toBeVisible();
  await expect(loading(page)).toHaveCount(0);
  // Nobody looks at a sheet in less.
  await page.waitForTimeout(350);
}

async function openSheet(browser: Browser, onEach: number): Promise<Sheet> {
  const page = await logIn(browser, MANAGER);
  const waiting = await makeWaiting(page, ["owl", "horse", "giraffe", "cow"], ["Animal", "Plant"], onEach);
  await page.goto(`/projects/${waiting.project}/review/sheet`);
  await seen(page);
  return { page, ...waiting };
}

test("forty masks are judged by keys alone, with less than two for each", async ({ browser }) => {
  const { page, masks } = await openSheet(browser, 10);
  let keys = 0;
  const press = async (key: string) => {
    keys++;
    await page.keyboard.press(key);
  };
  const began = Date.now();
  let judged = 0;
  const bad: string[] = [];
  while (judged < 40) {
    const here = await cards(page).count();
    // Each is pointed at, and every sixth is bad.
    for (let i = 0; i < here; i++) {
      if (i % 6 === 1) {
        await press("x");
        await press("2");
        bad.push(masks[judged + i] ?? "");
      }
      await press("ArrowRight");
    }
    await expect(cards(page).nth(1)).toHaveAttribute("aria-selected", "true");
    await press("a");
    judged += here;
    if (judged < 40) {
      await expect(cards(page).first()).toHaveAttribute("id", `mask-${masks[judged]}`);
      await seen(page);
    }
  }
  await expect(page.getByRole("heading", { name: "Nothing waits for review" })).toBeVisible();
  console.log(`${judged} masks by ${keys} keys in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  expect(judged).toBe(40);
  expect(keys).toBeLessThan(80);
  for (const id of bad)
    await expect.poll(() => stateOf(page, id)).toMatchObject({ state: "rejected", reason: "Wrong object" });
  const accepted = masks.filter((id) => !bad.includes(id));
  await expect.poll(() => stateOf(page, accepted.at(-1) ?? "")).toMatchObject({ state: "accepted" });

  // The last sheet is taken back, with its marks.
  await page.keyboard.press("z");
  await seen(page);
  await expect(cards(page).nth(1)).toHaveAttribute("aria-selected", "true");
  await expect.poll(() => stateOf(page, bad.at(-1) ?? "")).toMatchObject({ state: "submitted" });
});

test("a mask that somebody changes meanwhile does not take the sheet with it", async ({ browser }) => {
  const { page, masks } = await openSheet(browser, 5);
  const [first = "", stale = "", third = ""] = masks;
  await page.keyboard.press("x");
  await page.evaluate(async (id) => {
    const headers = {
      "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "",
      "Content-Type": "application/json",
      "If-Match": '"1"',
    };
    await fetch(`/api/v1/annotations/${id}`, { method: "PATCH", headers, body: '{"model": "other"}' });
  }, stale);
  await page.keyboard.press("a");
  await expect(page.getByText(/1 mask of \d+ left out, all others done/)).toBeVisible();
  await expect.poll(() => stateOf(page, first)).toMatchObject({ state: "rejected" });
  await expect.poll(() => stateOf(page, third)).toMatchObject({ state: "accepted" });
  await expect.poll(() => stateOf(page, stale)).toMatchObject({ state: "submitted" });
});

test("one class a sheet, larger and smaller cards, a mask enlarged, and nothing axe minds", async ({ browser }) => {
  const { page } = await openSheet(browser, 10);
  await page.keyboard.press("g");
  await seen(page);
  await expect(cards(page).first()).toHaveAccessibleName(/Animal|Plant/);
  const names = await cards(page).evaluateAll((all) => all.map((one) => one.textContent?.match(/Animal|Plant/)?.[0]));
  expect(new Set(names).size).toBe(1);
  await page.keyboard.press("g");
  await seen(page);
  const usual = await cards(page).count();
  await page.keyboard.press("-");
  await expect.poll(() => cards(page).count()).toBeGreaterThan(usual);
  await seen(page);
  await page.keyboard.press("x");
  await expect(page.getByRole("region", { name: "Why is it bad?" })).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("x");
  await page.keyboard.press("Space");
  await expect(page.getByRole("region", { name: /enlarged/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: /enlarged/ })).toHaveCount(0);

  // To the editor and back, where the marks are.
  await page.keyboard.press("e");
  await expect(page.getByRole("application")).toBeVisible();
  await page.getByRole("link", { name: "Back to the review" }).click();
  await seen(page);
  await expect(cards(page).first()).toHaveAttribute("aria-selected", "true");
});
