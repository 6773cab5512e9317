import { expect, test } from "@playwright/test";
import { saved } from "./canvas";
import { serious } from "./axe";
import { object, open } from "./desk";
import { stored } from "./made";

test("an object's history is looked at, an earlier version and a deleted object come back", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  await page.keyboard.press("r");
  await canvas.drag([0.3, 0.3], [0.6, 0.7]);
  await saved(page);
  const [first] = await stored(page, image);
  await page.keyboard.press("v");
  await page.getByRole("application").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("2");
  await saved(page);
  await expect(object(page, "Branch")).toBeVisible();

  await page.keyboard.press("Shift+T");
  const dialog = page.getByRole("dialog", { name: /^History of/ });
  await expect(dialog.getByText("class Owl → Branch")).toBeVisible();
  await dialog.getByRole("button", { name: /^Made/ }).click();
  expect(await serious(page)).toEqual([]);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/history.png` });
  await dialog.getByRole("button", { name: "Restore this version" }).click();
  await expect(dialog.getByText("version 1 again")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(object(page, "Owl")).toBeVisible();
  expect((await stored(page, image)).map(({ bbox }) => bbox)).toEqual([first?.bbox]);

  await page.getByRole("application").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Delete");
  await saved(page);
  expect(await stored(page, image)).toEqual([]);
  await page.keyboard.press("Shift+T");
  await page.getByRole("button", { name: "History", exact: true }).click();
  await page.getByRole("button", { name: "Restore this version" }).click();
  await expect(page.getByText("This is how it is now")).toBeVisible();
  expect(await stored(page, image)).toHaveLength(1);
});
