import { expect, type Page } from "@playwright/test";
import { makeImages } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

const PHOTOS = [
  "bison", "chicken", "cow", "dog", "duck", "giraffe", "horse", "jaguar", "lemur", "owl", "scarlet_macaw", "sheep",
]; // biome-ignore format: a list to be read at a glance

test.use({ viewport: { width: 1024, height: 768 } });

const scrolled = (page: Page) => page.evaluate(() => document.getElementById("main")?.scrollTop ?? 0);
/** Where the page has come to once it scrolls no more. */
async function atRest(page: Page): Promise<number> {
  let last = -1;
  const hasStopped = async () => {
    const before = last;
    last = await scrolled(page);
    return last > 100 && last === before;
  };
  await expect.poll(hasStopped, { intervals: [300] }).toBe(true);
  return last;
}

const grid = (page: Page) => page.getByRole("grid", { name: "Images" });
const cell = (page: Page, name: string) => grid(page).getByRole("link", { name: new RegExp(`^${name}\\.jpg`) });
const opened = (page: Page, name: string) => expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name}.jpg`);

test("filter, place and selection of the grid survive opening an image and a reload; the editor follows the filter", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const images = await makeImages(page, PHOTOS, ["Animal"]);
  const project = await page.evaluate(async (images) => {
    const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const headers = { "X-CSRFToken": csrf, "Content-Type": "application/json" };
    const { project } = await (await fetch(`/api/v1/images/${images[0]}`)).json();
    const { id } = await (await fetch("/api/v1/me")).json();
    // The dog and the horse are somebody's.
    const body = JSON.stringify({ annotator: id, images: [images[3], images[6]] });
    await fetch(`/api/v1/projects/${project}/assignments`, { method: "POST", headers, body });
    return project as string;
  }, images);
  await page.goto(`/projects/${project}`);

  await test.step("the filter is in the address, and the place is kept", async () => {
    await page.getByRole("combobox", { name: "State" }).click();
    await page.getByRole("option", { name: "Unassigned" }).click();
    await expect(page).toHaveURL(/\?state=unassigned$/);
    await expect(page.getByText("10 images")).toBeVisible();
    await grid(page).hover();
    await page.mouse.wheel(0, 300);
  });

  const place = await atRest(page);
  await test.step("the editor goes on within the filter", async () => {
    await cell(page, "duck").click();
    await opened(page, "duck");
    const way = page.getByRole("banner");
    await expect(way).toContainText("4 of 10");
    await expect(way.getByRole("link", { name: "Unassigned" })).toBeVisible();
    await expect(page.getByRole("application")).toBeFocused();
    await page.keyboard.press("d");
    await opened(page, "cow");
    await expect(way).toContainText("3 of 10");
    await page.keyboard.press("f");
    await opened(page, "duck");
    await expect(way).toContainText("4 of 10");
    await page.keyboard.press("f");
    await opened(page, "giraffe");
    await page.reload();
    await expect(page.getByRole("application")).toBeFocused();
    await expect(way).toContainText("5 of 10");
    await page.keyboard.press("f");
    await opened(page, "jaguar");
    await way.getByRole("link", { name: "Unassigned" }).click();
    await expect(page.getByText("10 images")).toBeVisible();
    await expect.poll(() => scrolled(page)).toBe(place);
  });

  await test.step("a reload keeps the selection too", async () => {
    await cell(page, "lemur").hover();
    await page.getByRole("checkbox", { name: "Select lemur.jpg" }).click();
    await expect(page.getByText("1 image selected")).toBeVisible();
    await page.reload();
    await expect(page.getByText("1 image selected")).toBeVisible();
    await expect(page.getByRole("checkbox", { name: "Select lemur.jpg" })).toBeChecked();
    expect(await scrolled(page)).toBeGreaterThan(100);
    await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Classes" }).click();
    await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Images" }).click();
    await expect(page).toHaveURL(/\?state=unassigned$/);
    await expect(page.getByText("1 image selected")).toBeVisible();
  });
});
