import { expect } from "@playwright/test";
import { serious } from "./axe";
import { saved } from "./canvas";
import { open, undoes } from "./desk";
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
