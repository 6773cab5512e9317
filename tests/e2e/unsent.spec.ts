import { expect, type Page, test } from "@playwright/test";
import { open } from "./desk";
import { stored } from "./made";

const CHANGES = /\/changes$/;
const state = (page: Page) => page.getByTestId("save-state");
const unsent = (page: Page) => page.getByRole("button", { name: /wait(s)? to be sent$/ });

test("edits of an image that was left are listed on every page, and sent from there", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  await page.route(CHANGES, (route) => route.abort("connectionrefused"));
  await page.keyboard.press("r");
  await canvas.drag([0.2, 0.2], [0.4, 0.5]);
  await expect(state(page)).toHaveText(/Offline: 1 waiting/);
  await page.goto("/");
  await expect(unsent(page)).toHaveText("1 edit of 1 image waits to be sent");
  await unsent(page).click();
  const panel = page.getByRole("dialog", { name: "Edits that wait to be sent" });
  await expect(panel.getByText("1 Owl")).toBeVisible();
  await expect(panel.getByText("The server cannot be reached.")).toBeVisible();
  await page.unroute(CHANGES);
  await panel.getByRole("button", { name: "Try now" }).click();
  await expect(panel.getByText("Everything is on the server.")).toBeVisible();
  expect(await stored(page, image)).toHaveLength(1);
});
