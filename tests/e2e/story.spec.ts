import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";
import { answered, Canvas, candidates, saved } from "./canvas";
import { ANNOTATOR, acceptInvitation, addPerson, logIn, MANAGER, makeProject, type Person, REVIEWER } from "./people";
import { looked } from "./queue";
import { test } from "./test";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const photo = (name: string) => join(ROOT, "labeling", "demo", "photos", `${name}.jpg`);
const SHEEP = { width: 1024, height: 742 };

test("a team labels photographs, reviews the least certain first, and exports what was accepted", async ({
  browser,
}) => {
  const manager = await logIn(browser, MANAGER);
  await makeProject(manager, "Animals", ["Sheep", "Grass"]);
  const annotatorLink = await addPerson(manager, ANNOTATOR, "annotator");
  const reviewerLink = await addPerson(manager, REVIEWER, "reviewer");
  await upload(manager, ["sheep", "duck"]);
  await assign(manager, "sheep.jpg", ANNOTATOR);

  const annotator = await acceptInvitation(browser, annotatorLink, ANNOTATOR);
  await label(annotator);

  const reviewer = await acceptInvitation(browser, reviewerLink, REVIEWER);
  const reason = await review(reviewer);

  await seesWhatCameBack(annotator, reason);

  expect(await exported(manager, "Accepted, by a reviewer or by policy")).toBe(1);
  expect(await exported(manager, "All but the rejected")).toBe(2);
});

async function upload(page: Page, names: string[]): Promise<void> {
  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Images" }).click();
  await page.locator('input[type="file"]').first().setInputFiles(names.map(photo));
  for (const name of names) await expect(page.getByRole("gridcell", { name: `${name}.jpg` })).toBeVisible();
  // Readiness arrives by itself.
  await expect(page.getByRole("gridcell").getByText("ready")).toHaveCount(names.length, { timeout: 90_000 });
}

async function assign(page: Page, image: string, person: Person): Promise<void> {
  await page.getByLabel(`Select ${image}`).locator("..").click();
  await page.getByRole("button", { name: "Assign to…" }).click();
  await page.getByRole("menuitem", { name: person.name }).click();
  await expect(page.getByText(`1 image assigned to ${person.name}`)).toBeVisible();
}

/** Three masks: by a point (another candidate than the preselected one), by several points, and by a box. */
async function label(page: Page): Promise<void> {
  await page.reload();
  await page.getByRole("link", { name: "Continue sheep.jpg" }).click();
  const canvas = new Canvas(page, SHEEP);
  await expect(canvas.stage).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading the photograph" })).toHaveCount(0);
  await page.keyboard.press("s");

  await canvas.click(0.5, 0.45);
  await answered(page, 3);
  const options = candidates(page).getByRole("option");
  const scores = (await options.allInnerTexts()).map(Number);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  const selected = await options.evaluateAll((all) => all.findIndex(({ ariaSelected }) => ariaSelected === "true"));
  await page.keyboard.press("Tab");
  await expect(options.nth((selected + 1) % 3)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(objects(page)).toHaveCount(1);
  await saved(page);

  await page.keyboard.press("2");
  await canvas.click(0.1, 0.9);
  await answered(page, 3);
  await canvas.click(0.9, 0.5);
  await answered(page, 1);
  await canvas.click(0.5, 0.45, "right");
  await answered(page, 1);
  await page.keyboard.press("Enter");
  await expect(objects(page)).toHaveCount(2);

  await page.keyboard.press("1");
  await canvas.drag([0.6, 0.17], [0.75, 0.5]);
  await answered(page, 1);
  await page.keyboard.press("Enter");
  await expect(objects(page)).toHaveCount(3);
  await saved(page);

  await page.keyboard.press("Control+z");
  await expect(objects(page)).toHaveCount(2);
  await saved(page);
  await page.keyboard.press("Control+Shift+z");
  await expect(objects(page)).toHaveCount(3);
  await saved(page);

  // What was saved is there after a reload.
  await page.reload();
  await expect(objects(page)).toHaveCount(3);
  await page.getByRole("application").focus();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Submit as it is" }).click();
  await expect(page.getByText(/all done|submitted|nothing is left/i).first()).toBeVisible();
}

const objects = (page: Page) =>
  page.getByRole("complementary", { name: "Objects and classes" }).getByRole("button", { name: /^Delete .+ \d+$/ });

/** Accepts the first mask and rejects the second; returns the reason. */
async function review(page: Page): Promise<string> {
  await page
    .getByRole("link", { name: /^Review/ })
    .first()
    .click();
  const judged = page.getByRole("complementary", { name: "The mask to be judged" });
  const confidence = async () => Number.parseFloat(await judged.locator("b").first().innerText());
  await expect(page.getByText(/3 wait/)).toBeVisible();
  await looked(page);
  const first = await confidence();
  await page.keyboard.press("a");
  await expect(page.getByText(/2 wait/)).toBeVisible();
  const second = await confidence();
  expect(second, "the least certain come first").toBeGreaterThanOrEqual(first);
  await looked(page);
  await page.keyboard.press("x");
  const strip = page.getByRole("region", { name: "Why is it rejected?" });
  const reason = (await strip.getByRole("button").first().innerText()).replace(/^\d\s*/, "");
  await page.keyboard.press("1");
  await expect(page.getByText(/1 wait/)).toBeVisible();
  expect(await confidence()).toBeGreaterThanOrEqual(second);
  return reason;
}

async function seesWhatCameBack(page: Page, reason: string): Promise<void> {
  await page.goto("/");
  await expect(page.getByText("1 mask rejected")).toBeVisible();
  await expect(page.getByText(reason).first()).toBeVisible();
  await page.getByRole("link", { name: "Continue sheep.jpg" }).click();
  await expect(page.getByText(`↩ ${reason.toLowerCase()}`)).toBeVisible();
}

/** Makes an export, downloads it, reads it with pycocotools; returns how many annotations it holds. */
async function exported(page: Page, include: string): Promise<number> {
  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Export" }).click();
  const before = await page.getByRole("row").count();
  await page.getByRole("radio", { name: new RegExp(`^${include}`) }).check();
  await page.getByRole("button", { name: "Make export" }).click();
  await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(before === 0 ? 1 : before);
  const newest = page.getByRole("row").nth(1);
  const button = newest.getByRole("link", { name: /Download/ });
  await expect(button).toBeVisible({ timeout: 60_000 });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const path = await download.path();
  const dataset = JSON.parse(readFileSync(path, "utf8")) as { annotations: unknown[]; images: unknown[] };
  expect(dataset.images).toHaveLength(2);
  const python = join(ROOT, ".venv", "bin", "python");
  const read = execFileSync(python, [join(HERE, "read_coco.py"), path], { encoding: "utf8" });
  expect(Number(read)).toBe(dataset.annotations.length);
  return dataset.annotations.length;
}
