import { expect, type Locator, type Page } from "@playwright/test";
import type { Desk } from "./desk";

/** What saves edits of an image. */
export const CHANGES = /\/changes$/;

export const state = (page: Page) => page.getByTestId("save-state");

export const cut = (page: Page) => page.route(CHANGES, (route) => route.abort("connectionrefused"));

export async function drawBox({ page, canvas }: Pick<Desk, "page" | "canvas">): Promise<void> {
  await page.keyboard.press("r");
  await canvas.drag([0.2, 0.2], [0.4, 0.5]);
}

/** Does something to the one object of an image. */
export async function onTheObject(page: Page, key: string): Promise<void> {
  for (const press of ["v", "Escape", "Tab", key]) await page.keyboard.press(press);
}

/** A browser whose disk is full. */
export const fillDisk = (page: Page) =>
  page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    };
  });

export const isSaved = (page: Page) => expect(state(page)).toHaveText("Saved");

/** Asks for what waits to be sent now, where it has not been sent by itself meanwhile. */
export const tryNow = (within: Page | Locator) =>
  within
    .getByRole("button", { name: "Try now" })
    .click({ timeout: 1000 })
    .catch(() => undefined);
