import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { saved } from "./canvas";
import { object, open, openImage } from "./desk";
import { stored } from "./made";
import { newTab } from "./people";
import { test } from "./test";

const write = async (page: Page, words: string) => {
  await page.getByRole("textbox").first().fill(words);
  await page.keyboard.press("Control+Enter");
};

const comments = (page: Page) => page.getByRole("region", { name: "Comments" });
const pin = (page: Page, name: string) => page.getByRole("button", { name: new RegExp(`^${name}, by`) });

test("a place is commented on without a mouse, answered in another tab at once, and resolved", async ({ browser }) => {
  const { page, image } = await open(browser);
  const other = await openImage(await newTab(page.context()), image);
  await page.keyboard.press("c");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Space");
  await write(page, "Is this ear an ear?");
  await expect(pin(page, "Comment 1")).toBeVisible();
  await expect(page.getByRole("button", { name: "Segment with SAM" })).toHaveAttribute("aria-pressed", "true");

  await pin(other.page, "Comment 1").click();
  await expect(comments(other.page)).toContainText("Is this ear an ear?");
  await write(other.page, "A tuft of feathers.");
  await expect(comments(page)).toContainText("A tuft of feathers.");
  expect(await serious(page)).toEqual([]);

  await page.getByRole("button", { name: "Resolve", exact: true }).click();
  await expect(page.getByRole("button", { name: "Comments 0" })).toBeVisible();
  await expect(other.page.getByRole("button", { name: "Open again" })).toBeVisible();

  const thread = await other.page.evaluate(async (id) => {
    const { results } = await (await fetch(`/api/v1/images/${id}/comments`)).json();
    return results[0].id;
  }, image);
  await page.goto(`/images/${image}?comment=${thread}`);
  await expect(comments(page)).toContainText("A tuft of feathers.");
});

test("the words of a comment on an object go into its box, and none of its letters is a command", async ({
  browser,
}) => {
  const { page, canvas, image } = await open(browser);
  await page.keyboard.press("b");
  await canvas.drag([0.3, 0.3], [0.5, 0.5]);
  await saved(page);
  const before = await stored(page, image);
  await page.keyboard.press("c");
  await canvas.click(0.4, 0.4);
  const box = page.getByRole("textbox", { name: "What is to be said?" });
  await expect(box).toBeFocused();
  await page.keyboard.type("too long, ");
  // The view can be moved meanwhile, and the words go on.
  const { x, y } = await canvas.at(0.7, 0.7);
  await page.mouse.move(x, y);
  await page.mouse.down({ button: "middle" });
  await page.mouse.move(x + 20, y + 20);
  await page.mouse.up({ button: "middle" });
  await page.keyboard.type("foot missing");
  await expect(box).toHaveValue("too long, foot missing");
  await page.keyboard.press("Control+Enter");
  await expect(pin(page, "Comment 1")).toBeVisible();
  await page.getByRole("button", { name: "Objects 1" }).click();
  await expect(page.getByText("locked")).toHaveCount(0);
  expect(await stored(page, image)).toEqual(before);
});

test("what was said of an object stays when the object is deleted", async ({ browser }) => {
  const { page, canvas } = await open(browser);
  await page.keyboard.press("b");
  await canvas.drag([0.3, 0.3], [0.4, 0.4]);
  await saved(page);
  await page.keyboard.press("c");
  await canvas.click(0.35, 0.35);
  await expect(comments(page)).toContainText("Owl 1");
  await write(page, "Too thin");
  await expect(pin(page, "Comment 1")).toBeVisible();
  await page.getByRole("button", { name: "Objects 1" }).click();
  await object(page, "Owl 1").click();
  await page.getByRole("button", { name: "Delete Owl 1" }).click();
  await saved(page);
  await page.getByRole("button", { name: "Comments 1" }).click();
  await expect(comments(page)).toContainText("A deleted object");
  await expect(comments(page)).toContainText("Too thin");
});

test("an object that is missing sends the image back, and has to be answered", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  await submitsNothing(page);
  await openImage(page, image);
  await page.keyboard.press("c");
  await canvas.click(0.7, 0.7);
  await page.getByRole("checkbox", { name: /An object is missing/ }).check();
  await write(page, "The branch");
  await expect(pin(page, "Missing object 1")).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("listitem").filter({ hasText: "1 missing object" }).first()).toBeVisible();
  await openImage(page, image);
  await page.getByRole("application").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("1 missing object");
  // It is led to.
  await expect(pin(page, "Missing object 1")).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: /^Resolve/ }).click();
  await page.getByRole("application").focus();
  await submitsNothing(page);
});

/** Says of the open image that there is nothing to label. */
async function submitsNothing(page: Page): Promise<void> {
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: "Nothing to label" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Done with owl.jpg" })).toBeVisible();
}

test("a comment that is not sent outlives a reload and another image, and is sent once", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  await page.keyboard.press("c");
  await canvas.click(0.5, 0.4);
  await page.getByRole("textbox", { name: "What is to be said?" }).fill("Is this ear");
  await page.reload();
  await page.getByRole("button", { name: "Comments 0 · unfinished" }).click();
  await page.goto("/");
  await openImage(page, image);
  await page.getByRole("button", { name: "Comments 0 · unfinished" }).click();
  const field = page.getByRole("textbox", { name: "What is to be said?" });
  await expect(field).toHaveValue("Is this ear");
  expect(await serious(page)).toEqual([]);
  await field.press("End");
  await page.keyboard.type(" an ear?");
  await page.keyboard.press("Control+Enter");
  await expect(pin(page, "Comment 1")).toBeVisible();
  await expect(comments(page)).toContainText("Is this ear an ear?");

  await page.getByRole("textbox", { name: "Answer" }).fill("A tuft");
  await openImage(page, image);
  await expect(page.getByRole("button", { name: "Comments 1 · unfinished" })).toBeVisible();
  await pin(page, "Comment 1").click();
  await expect(page.getByRole("textbox", { name: "Answer" })).toHaveValue("A tuft");
  await write(page, "A tuft.");
  await expect(comments(page)).toContainText("A tuft.");
  await expect(page.getByRole("textbox", { name: "Answer" })).toHaveValue("");
  await openImage(page, image);
  await expect(page.getByRole("button", { name: "Comments 1", exact: true })).toBeVisible();
});

test("the wheel over a pin zooms as it does beside it", async ({ browser }) => {
  const { page, canvas } = await open(browser);
  await page.keyboard.press("c");
  await canvas.click(0.5, 0.4);
  await write(page, "Here");
  const placed = await pin(page, "Comment 1").boundingBox();
  const { x, y } = await canvas.at(0.5, 0.4);
  // Its corner is the place, and that stays where the pointer is.
  await page.mouse.move(x + 1, y - 1);
  const zoom = page
    .getByRole("button", { name: /^Zoom/ })
    .or(page.getByText(/^\d+ %$/))
    .first();
  const before = await zoom.textContent();
  await page.mouse.wheel(0, -400);
  await expect(zoom).not.toHaveText(before ?? "");
  const moved = async () => {
    const zoomed = await pin(page, "Comment 1").boundingBox();
    return Math.hypot(zoomed!.x - placed!.x, zoomed!.y - placed!.y);
  };
  await expect.poll(moved).toBeLessThan(3);
});
