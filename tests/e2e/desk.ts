import { type Browser, expect, type Page } from "@playwright/test";
import { Canvas } from "./canvas";
import { makeImage } from "./made";
import { logIn, MANAGER } from "./people";

export const OWL = { width: 1024, height: 683 };

/** The owl in the editor: the page, its canvas, and the image's id. */
export interface Desk {
  page: Page;
  canvas: Canvas;
  image: string;
}

export async function openImage(page: Page, image: string): Promise<Desk> {
  await page.goto(`/images/${image}`);
  await expect(page.getByRole("application")).toBeFocused();
  await expect(page.getByLabel("Loading the photograph")).toHaveCount(0);
  return { page, canvas: new Canvas(page, OWL), image };
}

/** The owl in a project of its own. */
export async function open(browser: Browser): Promise<Desk> {
  const page = await logIn(browser, MANAGER);
  return openImage(page, await makeImage(page, "owl", ["Owl", "Branch"]));
}

/** Clicks are answered from here on. */
export const embedded = (page: Page) => expect(page.getByText("embedding ready")).toBeVisible({ timeout: 60_000 });

export async function openReady(browser: Browser): Promise<Desk> {
  const desk = await open(browser);
  await embedded(desk.page);
  return desk;
}

export const undoes = (page: Page, what: string) =>
  expect(page.getByRole("button", { name: `Undo ${what}`, exact: true })).toBeVisible();

export const object = (page: Page, name: string) => page.getByRole("button", { name: new RegExp(`^${name}\\b`) });
