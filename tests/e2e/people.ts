import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

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

/** The cookies of people who have logged in once in this worker: the form costs a second of hashing each time. */
const cookies = new Map<string, Cookies>();

export async function newPage(browser: Browser, person?: Person): Promise<Page> {
  const known = person && cookies.get(person.email);
  return newTab(await browser.newContext(known && { storageState: { cookies: known, origins: [] } }));
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

/** The person's home page in a browser of their own. The form is filled where their session is new or has ended. */
export async function logIn(browser: Browser, person: Person): Promise<Page> {
  const page = await newPage(browser, person);
  await page.goto("/");
  const form = page.getByRole("button", { name: "Log in" });
  await expect(form.or(home(page))).toBeVisible();
  if (await form.isVisible()) await fillLogin(page, person);
  cookies.set(person.email, await page.context().cookies());
  return page;
}

const home = (page: Page) => page.getByRole("heading", { name: "My work" });

/** Follows an invitation link, chooses the password and logs in with it. */
export async function acceptInvitation(browser: Browser, link: string, person: Person): Promise<Page> {
  const page = await newPage(browser);
  await page.goto(link);
  await page.getByRole("textbox", { name: "New password" }).fill(person.password);
  await page.getByRole("button", { name: "Set the password" }).click();
  await fillLogin(page, person);
  return page;
}

/** Creates a project on the home page, which has to be open. */
export async function makeProject(page: Page, name: string, classes: string[]): Promise<void> {
  await page.getByRole("button", { name: "New project" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  for (const [index, className] of classes.entries()) {
    const field = dialog.getByLabel(`Name of class ${index + 1}`);
    if (!(await field.isVisible())) await dialog.getByRole("button", { name: "Add a class" }).click();
    await field.fill(className);
  }
  await dialog.getByRole("button", { name: "Make project" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
}

/** Adds somebody who has no account yet; returns their invitation link. */
export async function addPerson(page: Page, person: Person, role: string): Promise<string> {
  await addAddress(page, person.email, role);
  await expect(page.getByRole("checkbox", { name: `${person.email} is ${role}` })).toBeChecked();
  const link = page.getByLabel("Invitation link", { exact: true });
  await expect(link).toHaveValue(/\/invite#/);
  return link.inputValue();
}

/** Enters an address on the project's page of people. */
export async function addAddress(page: Page, email: string, role: string): Promise<void> {
  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "People" }).click();
  await page.getByLabel("Add a person").fill(email);
  // The boxes of the form say what a role does; those of the table are about a member.
  for (const box of await page.getByRole("checkbox", { name: /^\w+: / }).all()) await box.uncheck();
  await page.getByRole("checkbox", { name: new RegExp(`^${role}: `) }).check();
  await page.getByRole("button", { name: "Add", exact: true }).click();
}

async function fillLogin(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(home(page)).toBeVisible();
}
