import { expect } from "@playwright/test";
import { serious } from "./axe";
import { saved } from "./canvas";
import { object, open, undoes } from "./desk";
import { stored } from "./made";
import { test } from "./test";

test("a speck is found beside the mask, and one key takes it away", async ({ browser }) => {
  const { page, canvas } = await open(browser);
  await page.keyboard.press("b");
  await canvas.drag([0.2, 0.3], [0.8, 0.3]);
  for (let i = 0; i < 12; i++) await page.keyboard.press("[");
  await canvas.click(0.5, 0.7);
  await saved(page);
  const checks = page.getByRole("region", { name: "Checks" });
  await expect(checks).toContainText("1 speck");
  await checks.getByText("1 speck").hover();
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("Shift+Digit1");
  await expect(checks).toHaveCount(0);
  await undoes(page, "removal of specks from Owl 1");
});

test("findings are marked in the list, and can be mended all at once before the image is submitted", async ({
  browser,
}) => {
  const { page, canvas, image } = await open(browser);
  await page.keyboard.press("b");
  await canvas.drag([0.2, 0.3], [0.8, 0.3]);
  for (let i = 0; i < 12; i++) await page.keyboard.press("[");
  await canvas.click(0.5, 0.7);
  await page.keyboard.press("r");
  await canvas.drag([0.1, 0.5], [0.3, 0.8]);
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(object(page, "Owl 1")).toContainText("1 speck beside the object");
  await expect(object(page, "Owl 3")).toContainText("Almost the same as Owl 2");

  await page.keyboard.press("Control+Enter");
  const summary = page.getByRole("dialog", { name: "Before you submit" });
  await expect(summary.getByRole("listitem")).toHaveCount(3);
  expect(await serious(page)).toEqual([]);
  await summary.getByRole("button", { name: "Fix all 3" }).click();
  await expect(summary).toContainText("Everything is mended");
  await page.keyboard.press("Escape");
  await undoes(page, "mending of 3 objects");
  await saved(page);
  expect(await stored(page, image)).toHaveLength(2);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("owl.jpg was submitted.")).toBeVisible();
});
