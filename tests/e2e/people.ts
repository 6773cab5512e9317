import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";

/** A person of the story, in a browser of their own. */
export interface Person {
  email: string;
  name: string;
  password: string;
}

export const MANAGER: Person = {
  email: "mara@example.org",
  name: "Mara Manager",
  password: "made-by-the-operator",
};
export const ANNOTATOR: Person = { email: "ana@example.org", name: "ana", password: "points-at-animals" };
export const REVIEWER: Person = { email: "rui@example.org", name: "rui", password: "doubts-everything" };

export async function newPage(browser: Browser): Promise<Page> {
  return newTab(await browser.newContext());
}

/** Another tab of the same browser. */
export async function newTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    throw new Error(`The page raised an error: ${error.message}`);
  });
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) throw new Error(message.text());
  });
  return page;
}

export async function logIn(browser: Browser, person: Person): Promise<Page> {
  const page = await newPage(browser);
  await page.goto("/login");
  await fillLogin(page, person);
  return page;
}

/** Follows an invitation link, chooses the password and logs in with it. */
export async function acceptInvitation(browser: Browser, link: string, person: Person): Promise<Page> {
  const page = await newPage(browser);
  await page.goto(link);
  await page.getByRole("textbox", { name: "New password" }).fill(person.password);
  await page.getByRole("button", { name: "Set the password" }).click();
  await fillLogin(page, person);
  return page;
}

async function fillLogin(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "My work" })).toBeVisible();
}
