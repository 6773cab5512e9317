import { type Browser, expect, type Page } from "@playwright/test";
import { answered, saved } from "./canvas";
import { makeImage, stored } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

/** The owl in the editor, in a project of its own with more classes than digits. */
async function open(browser: Browser): Promise<{ page: Page; image: string }> {
  const page = await logIn(browser, MANAGER);
  const more = Array.from({ length: 11 }, (_, i) => `Kind ${i + 1}`);
  const image = await makeImage(page, "owl", ["Owl", ...more, "Branch"]);
  await page.goto(`/images/${image}`);
  await ready(page);
  return { page, image };
}

async function ready(page: Page): Promise<void> {
  await expect(page.getByText("embedding ready")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByLabel("Loading the photograph")).toHaveCount(0);
}

test("without a mouse: a class is searched, a point placed, the mask kept", async ({ browser }) => {
  const { page, image } = await open(browser);
  await page.keyboard.press("/");
  await page.getByRole("combobox", { name: "Search for a class" }).fill("bra");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("banner").getByText("Branch")).toBeVisible();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Space");
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([{ kind: "mask", source: "sam" }]);
  await expect(page.getByRole("button", { name: /^Branch 1 0/ })).toBeVisible();
});

test("a class gets a key of one's choice, and the classes chosen last come first in the search", async ({
  browser,
}) => {
  const { page } = await open(browser);
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Change the key of: Branch" }).click();
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Change the key of: Kind 10" }).click();
  await page.keyboard.press("1");
  await expect(page.getByRole("alert")).toContainText("Owl");
  await page.getByRole("button", { name: "Take it" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toHaveCount(0);
  await page.reload();
  await ready(page);
  const banner = page.getByRole("banner");
  await page.keyboard.press("x");
  await expect(banner.getByText("Branch")).toBeVisible();
  await page.keyboard.press("1");
  await expect(banner.getByText("Kind 10")).toBeVisible();
  await page.keyboard.press("/");
  const options = page.getByRole("listbox", { name: "Classes" }).getByRole("option");
  await expect(options.nth(0)).toHaveText(/^Kind 10/);
  await expect(options.nth(1)).toHaveText(/^Branch/);
  await expect(options.nth(2)).toHaveText(/^Owl/);
});

test("light, masks and keys are a person's own, and there again after a reload", async ({ browser }) => {
  const { page } = await open(browser);
  const photo = page.getByRole("application").locator("> div").first();
  await page.keyboard.press("k");
  await page.getByRole("dialog", { name: "View" }).getByLabel("Gamma").fill("2");
  await page.keyboard.press("Escape");
  await expect(photo).toHaveCSS("filter", /photo-gamma/);

  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Change the key of: Brush" }).click();
  await page.keyboard.press("x");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toHaveCount(0);

  await page.reload();
  await ready(page);
  await expect(photo).toHaveCSS("filter", /photo-gamma/);
  await page.keyboard.press("x");
  await expect(page.getByRole("button", { name: "Brush", exact: true })).toHaveAttribute("aria-pressed", "true");
});

test("the minimap shows where one is, only while zoomed in, and leads elsewhere", async ({ browser }) => {
  const { page } = await open(browser);
  const map = page.getByRole("img", { name: "Where in the image you are" });
  await expect(map).toHaveCount(0);
  for (let i = 0; i < 6; i++) await page.keyboard.press("+");
  await expect(map).toBeVisible();
  const frame = map.locator("i");
  const before = await frame.boundingBox();
  await map.click({ position: { x: 10, y: 10 } });
  await expect.poll(async () => (await frame.boundingBox())?.x).toBeLessThan(before?.x ?? 0);
  await page.keyboard.press("0");
  await expect(map).toHaveCount(0);
});
