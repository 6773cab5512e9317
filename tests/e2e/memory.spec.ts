import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { saved } from "./canvas";
import { type Desk, object, open } from "./desk";
import { stored } from "./made";
import { logIn, MANAGER } from "./people";
import { looked, makeQueue, openReview, waiting } from "./queue";
import { test } from "./test";

test("an earlier version of an object comes back, and so does one that was deleted", async ({ browser }) => {
  const desk = await open(browser);
  const { page, image } = desk;
  await drawOwl(desk);
  const [first] = await stored(page, image);
  await select(page);
  await page.keyboard.press("2");
  await page.keyboard.press("Shift+ArrowRight");
  // What is not saved yet is in the history all the same.
  await page.keyboard.press("Shift+T");
  const dialog = page.getByRole("dialog", { name: /^History of/ });
  await expect(dialog.getByText("class Owl → Branch")).toBeVisible();
  expect(await serious(page)).toEqual([]);

  await expect(dialog.getByText("This is how it is now.")).toBeVisible();
  const now = await page.getByRole("application").screenshot();
  await page.keyboard.press("End");
  await expect(dialog.getByText(/px would come/)).toBeVisible();
  // The image beside shows what would come back.
  await expect.poll(async () => (await page.getByRole("application").screenshot()).equals(now)).toBe(false);
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("version 1 again")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(object(page, "Owl")).toBeVisible();
  await saved(page);
  expect((await stored(page, image)).map(({ bbox }) => bbox)).toEqual([first?.bbox]);

  await select(page);
  await page.keyboard.press("Delete");
  await saved(page);
  await page.keyboard.press("Shift+T");
  await page.getByRole("button", { name: "History", exact: true }).click();
  await page.getByRole("button", { name: /^Restore this version/ }).click();
  await expect(page.getByText("This is how it is now.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(object(page, "Owl")).toBeVisible();
  expect(await stored(page, image)).toHaveLength(1);
});

test("a reviewer reads what happened to a mask", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  await openReview(page, await makeQueue(page, ["owl"], ["Owl"]));
  await page.keyboard.press("c");
  await page.getByLabel("What is to be said of it?").fill("The left ear is missing");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByLabel("What is to be said of it?")).toBeHidden();
  await page.keyboard.press("Shift+T");
  const dialog = page.getByRole("dialog", { name: "History of Owl" });
  await expect(dialog.getByText("Submitted", { exact: true })).toBeVisible();
  const lines = dialog.getByRole("list", { name: "History" }).getByRole("listitem");
  await expect(lines.first()).toContainText("Commented");
  await expect(lines.first()).toContainText("The left ear is missing");
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("complementary", { name: "The mask to be judged" })).toBeVisible();
});

test("a reviewer sees on the stage how a mask was before it was fixed, and judges nothing meanwhile", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  await openReview(page, await makeQueue(page, ["owl"], ["Owl"]));
  await moveAndAccept(page);
  await waiting(page, 2);
  await page.keyboard.press("z");
  await waiting(page, 3);
  await looked(page);
  // The stage stays where it is under the drawer.
  const stage = page.getByRole("application", { name: /^The object to be judged/ });
  await page.keyboard.press("Shift+T");
  const dialog = page.getByRole("dialog", { name: "History of Owl" });
  await expect(dialog.getByText("This is how it is now.")).toBeVisible();
  expect(await serious(page)).toEqual([]);
  const now = await stage.screenshot();
  await page.keyboard.press("End");
  await expect(dialog.getByText(/px would come/)).toBeVisible();
  await expect.poll(async () => (await stage.screenshot()).equals(now)).toBe(false);
  await expect(dialog.getByRole("button", { name: /^Restore/ })).toHaveCount(0);

  await page.keyboard.press("a");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.keyboard.press("Shift+T");
  // The nudges may have been saved in several changes.
  await expect(dialog.getByRole("button", { name: /^Changed/ }).first()).toBeFocused();
  await page.keyboard.press("Escape");
  await waiting(page, 3);
  await page.keyboard.press("a");
  await waiting(page, 2);
});

async function moveAndAccept(page: Page): Promise<void> {
  await looked(page);
  await page.keyboard.press("e");
  await expect(page.getByRole("toolbar", { name: "Tools" })).toBeVisible();
  await page.keyboard.press("v");
  for (let i = 0; i < 4; i++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("toolbar", { name: "Display" })).toBeVisible();
}

async function drawOwl({ page, canvas }: Desk): Promise<void> {
  await page.keyboard.press("r");
  await canvas.drag([0.3, 0.3], [0.6, 0.7]);
  await saved(page);
}

async function select(page: Page): Promise<void> {
  await page.keyboard.press("v");
  await page.getByRole("application").focus();
  await page.keyboard.press("Tab");
}
