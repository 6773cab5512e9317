import { type Browser, expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { logIn, MANAGER } from "./people";
import { looked, openReview } from "./queue";
import { test } from "./test";
import { makeWaiting, stateOf, type Waiting } from "./waiting";

interface Whole extends Waiting {
  page: Page;
}

const rows = (page: Page) => page.getByRole("list", { name: "Objects of the image" }).getByRole("listitem");
const left = (page: Page, count: number) =>
  expect(page.getByText(`${count} wait here, the least certain first`)).toBeVisible();

async function openImages(browser: Browser, onEach: number): Promise<Whole> {
  const page = await logIn(browser, MANAGER);
  const waiting = await makeWaiting(page, ["owl", "horse"], ["Animal", "Plant"], onEach);
  await openReview(page, waiting.project);
  await page.keyboard.press("Shift+W");
  await expect(rows(page)).toHaveCount(onEach);
  await looked(page);
  return { page, ...waiting };
}

const imageState = (page: Page, image: string): Promise<string> =>
  page.evaluate(async (id) => (await (await fetch(`/api/v1/images/${id}`)).json()).assignment.state, image);

test("all objects of an image are judged in it, one by one and the rest at once", async ({ browser }) => {
  const { page, images, masks } = await openImages(browser, 4);
  // The masks of both images alternate in the queue.
  const [first = "", second = "", third = "", fourth = ""] = masks.filter((_, i) => i % 2 === 0);
  expect(page.url()).toContain(images[0]);
  await page.keyboard.press("j");
  await looked(page);
  await page.keyboard.press("k");
  await looked(page);
  await page.keyboard.press("a");
  await left(page, 3);
  await looked(page);
  await page.keyboard.press("x");
  await page.keyboard.press("2");
  await left(page, 2);
  await expect.poll(async () => (await stateOf(page, first)).state).toBe("accepted");
  await expect.poll(async () => (await stateOf(page, second)).reason).toBe("Wrong object");

  await looked(page);
  await page.keyboard.press("Shift+A");
  await expect(page.getByText("everything is judged")).toBeVisible();
  await expect.poll(async () => (await stateOf(page, fourth)).state).toBe("accepted");
  await page.keyboard.press("z");
  await left(page, 2);
  await expect.poll(async () => (await stateOf(page, fourth)).state).toBe("submitted");
  await looked(page);
  await page.keyboard.press("Shift+A");
  await expect.poll(async () => (await stateOf(page, third)).state).toBe("accepted");
  expect(await serious(page)).toEqual([]);

  await page.keyboard.press("f");
  await expect(page).toHaveURL(new RegExp(images[1] ?? ""));
  await expect(rows(page)).toHaveCount(4);
  await page.keyboard.press("f");
  await expect(page.getByRole("heading", { name: "That was the last image" })).toBeVisible();
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page).toHaveURL(new RegExp(images[1] ?? ""));
});

test("a mask is fixed in its place, and the image is still there with what is left", async ({ browser }) => {
  const { page, masks } = await openImages(browser, 4);
  await page.keyboard.press("e");
  await expect(page.getByRole("toolbar", { name: "Tools" })).toBeVisible();
  await page.keyboard.press("v");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await left(page, 3);
  await expect.poll(() => stateOf(page, masks[0] ?? "")).toMatchObject({ state: "accepted", version: 2 });
});

test("an object that is missing is pointed at, and the image goes back to its annotator", async ({ browser }) => {
  const { page, images } = await openImages(browser, 4);
  await page.keyboard.press("m");
  const box = await page.getByRole("application").boundingBox();
  if (!box) throw new Error("There is no image.");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  expect(await serious(page)).toEqual([]);
  await expect(page.getByRole("textbox", { name: "What is missing here?" })).toBeFocused();
  await page.keyboard.type(": the other ear");
  await expect(page.getByRole("textbox", { name: "What is missing here?" })).toHaveValue(
    "An object is missing here: the other ear",
  );
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: /^Missing object 1, by/ })).toBeVisible();
  await expect(page.getByText(/goes back to/)).toBeVisible();
  await expect.poll(() => imageState(page, images[0] ?? "")).toBe("returned");

  // Without a mouse, and thought better of.
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "What is missing here?" })).toBeFocused();
  await page.keyboard.press("Escape");
  await left(page, 4);
});

test("the next image is loaded while this one is looked at", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const waiting = await makeWaiting(page, ["owl", "horse"], ["Animal", "Plant"], 4);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await openReview(page, waiting.project);
  await page.keyboard.press("Shift+W");
  await expect(rows(page)).toHaveCount(4);
  await looked(page);
  const next = `/api/v1/images/${waiting.images[1]}`;
  await expect.poll(() => asked).toContain(`${next}/file`);
  expect(asked).toContain(`${next}/annotations`);
  // What is held for this image is still held.
  await page.keyboard.press("Shift+A");
  await expect(page.getByText("everything is judged")).toBeVisible();
  await page.keyboard.press("f");
  await expect(page).toHaveURL(new RegExp(waiting.images[1] ?? ""));
  await left(page, 4);
});

test("of a long list only what is in sight exists, and what is shown comes into sight; a key tells its history", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const { project } = await makeWaiting(page, ["owl"], ["Animal"], 56);
  await openReview(page, project);
  await page.keyboard.press("Shift+W");
  await left(page, 56);
  await looked(page);
  expect(await rows(page).count()).toBeLessThan(45);
  await page.keyboard.press("k");
  for (let i = 0; i < 40; i++) await page.keyboard.press("j");
  const current = page.locator("[aria-current=true]", { hasText: "Animal" });
  await expect(current).toBeInViewport();
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("Shift+T");
  await expect(
    page.getByRole("dialog", { name: /^History of Animal/ }).getByText("Submitted", { exact: true }),
  ).toBeVisible();
});
