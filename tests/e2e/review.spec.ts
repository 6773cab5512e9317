import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { logIn, MANAGER } from "./people";
import { looked, makeQueue, openReview, waiting } from "./queue";
import { test } from "./test";

const given = (page: Page, project: string, verdict: string): Promise<string[]> =>
  page.evaluate(
    async ([project, verdict]) => {
      const path = `/api/v1/projects/${project}/review-queue?verdict=${verdict}`;
      const { results } = await (await fetch(path)).json();
      return results.map(({ id }: { id: string }) => id);
    },
    [project, verdict],
  );

test("masks are accepted, rejected, taken back and fixed by keys, and the next one is there at once", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl", "duck"], ["Owl", "Duck"]);
  await openReview(page, project);
  await waiting(page, 6);

  await looked(page);
  await page.keyboard.press("a");
  await waiting(page, 5);
  await looked(page);
  await page.keyboard.press("x");
  await page.keyboard.press("2");
  await waiting(page, 4);
  await expect.poll(() => given(page, project, "accepted")).toHaveLength(1);
  await expect.poll(() => given(page, project, "rejected")).toHaveLength(1);

  await page.keyboard.press("z");
  await waiting(page, 5);
  await expect.poll(() => given(page, project, "rejected")).toEqual([]);
  await page.keyboard.press("z");
  await waiting(page, 6);
  await expect.poll(() => given(page, project, "accepted")).toEqual([]);

  await fix(page);
  await waiting(page, 5);
  await expect.poll(() => given(page, project, "fixed")).toHaveLength(1);
});

test("an object is judged among its surroundings, and marked on a small picture of the whole image", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl"], ["Owl"]);
  for (const size of [
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
  ]) {
    await page.setViewportSize(size);
    await openReview(page, project);
    await looked(page);
    const map = page.getByRole("img", { name: "Where in the image the object is" });
    const frame = await map.locator("i").boundingBox();
    const object = await map.getByTestId("object-mark").boundingBox();
    if (!frame || !object) throw new Error("The small picture does not show where the object is.");
    // Of the object's size on the small picture, its border and the frame's are a few pixels.
    expect(object.width).toBeLessThanOrEqual(frame.width / 2 + 6);
    expect(object.height).toBeLessThanOrEqual(frame.height / 2 + 6);
    expect(object.x).toBeGreaterThan(frame.x);
    expect(object.x + object.width).toBeLessThan(frame.x + frame.width);
  }
});

/** Fixes the shown one with a tool of the editor, and accepts it. */
async function fix(page: Page): Promise<void> {
  await looked(page);
  await page.keyboard.press("e");
  await expect(page.getByRole("toolbar", { name: "Tools" })).toBeVisible();
  await page.keyboard.press("v");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("toolbar", { name: "Display" })).toBeVisible();
}

test("what is wrong with a mask stands beside it, and one key fixes it", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl"], ["Owl"], true);
  await openReview(page, project);
  await looked(page);
  const checks = page.getByRole("region", { name: "Checks" });
  await expect(checks).toContainText("crosses or touches itself");
  await checks.getByRole("listitem").first().hover();
  expect(await serious(page)).toEqual([]);

  // An A that comes before the tools are there is not lost.
  await page.keyboard.press("Shift+Digit1");
  await page.keyboard.press("a");
  await waiting(page, 2);
  await expect.poll(() => given(page, project, "fixed")).toHaveLength(1);

  await looked(page);
  await expect(checks).toContainText("crosses or touches itself");
  await page.keyboard.press("Shift+Digit1");
  await expect(page.getByRole("toolbar", { name: "Tools" })).toBeVisible();
  await expect(checks).toHaveCount(0);
  await page.keyboard.press("Enter");
  await waiting(page, 1);
  await expect.poll(() => given(page, project, "fixed")).toHaveLength(2);
});

test("what is wrong is said of what was judged already too, and fixed in whole-image review", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl"], ["Owl"], true);
  await openReview(page, project);
  const checks = page.getByRole("region", { name: "Checks" });
  await looked(page);
  await page.keyboard.press("a");
  await waiting(page, 2);
  await page.goto(`/projects/${project}/review?verdict=accepted`);
  await expect(checks).toContainText("crosses or touches itself");
  await expect(checks.getByRole("button")).toHaveCount(0);
  expect(await serious(page)).toEqual([]);

  await page.goto(`/projects/${project}/review/images`);
  await expect(checks).toContainText("crosses or touches itself");
  await looked(page);
  await page.keyboard.press("Shift+Digit1");
  await expect(page.getByRole("toolbar", { name: "Tools" })).toBeVisible();
  await expect(checks).toHaveCount(0);
  await page.keyboard.press("Enter");
  await waiting(page, 1);
  await expect.poll(() => given(page, project, "fixed")).toHaveLength(1);
});

test("a comment is pinned where the pointer was when it was begun, which is shown while it is written", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  await openReview(page, await makeQueue(page, ["owl"], ["Owl"]));
  await looked(page);
  const image = page.getByRole("application");
  const box = await image.boundingBox();
  if (!box) throw new Error("There is no image.");
  const [x, y] = [box.x + box.width / 2 + 40, box.y + box.height / 2 + 30];
  await page.mouse.move(x, y);
  await page.keyboard.press("c");
  await expect(page.getByText("+", { exact: true })).toBeVisible();
  await page.getByLabel("What is to be said of it?").fill("Is this the ear?");
  // The way to the button leads over the image and off it.
  await page.mouse.move(x + 100, y + 100);
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  const pin = page.getByRole("button", { name: /^Comment 1, by/ });
  await expect(pin).toBeVisible();
  const at = await pin.boundingBox();
  expect(Math.hypot((at?.x ?? 0) - x, (at?.y ?? 0) + (at?.height ?? 0) - y)).toBeLessThan(30);
  expect(await serious(page)).toEqual([]);
});

test("Escape leaves fixing with everything as it was", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl"], ["Owl"]);
  await openReview(page, project);
  await looked(page);
  await page.keyboard.press("e");
  await expect(page.getByRole("toolbar", { name: "Tools" })).toBeVisible();
  await page.keyboard.press("v");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("toolbar", { name: "Display" })).toBeVisible();
  await waiting(page, 3);
  const corners = await page.evaluate(async (project) => {
    const { results } = await (await fetch(`/api/v1/projects/${project}/review-queue`)).json();
    return results.map(({ polygon }: { polygon: number[][][] }) => polygon[0]?.[0]?.[0]);
  }, project);
  expect([...corners].sort()).toEqual([100, 300, 420]);
});

test("filters live in the address, and another display stays for the next mask", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl"], ["Owl", "Branch"]);
  await openReview(page, project);
  await page.getByRole("button", { name: "Class", exact: true }).click();
  await page.getByRole("menuitem", { name: "Branch" }).click();
  await expect(page).toHaveURL(/\?class_id=/);
  await expect(page.getByRole("heading", { name: "Branch" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Branch" })).toBeVisible();

  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(page).toHaveURL(/\/review$/);
  await looked(page);
  await page.keyboard.press("o");
  await page.keyboard.press("o");
  const cutOut = page.getByRole("button", { name: "Cut out" });
  await expect(cutOut).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("a");
  await waiting(page, 2);
  await expect(cutOut).toHaveAttribute("aria-pressed", "true");

  await page.getByRole("button", { name: "Shown: Waiting" }).click();
  await page.getByRole("menuitem", { name: "Accepted", exact: true }).click();
  await expect(page.getByText("1 of 1")).toBeVisible();
  await page.getByLabel(/^Words of an image/).fill("zebra");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Nothing matches these filters" })).toBeVisible();
});

test("axe finds nothing serious while a mask is judged, rejected and fixed", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl"], ["Owl"]);
  await openReview(page, project);
  await looked(page);
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("x");
  expect(await serious(page), "with the reasons").toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await expect(page.getByRole("toolbar", { name: "Tools" })).toBeVisible();
  expect(await serious(page), "with the tools").toEqual([]);
});
