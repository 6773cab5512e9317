import { type Browser, expect, type Page } from "@playwright/test";
import { acceptInvitation, addAddress, addPerson, logIn, MANAGER, makeProject, newPage, type Person } from "./people";
import { test } from "./test";

const HOLDER: Person = { email: "hal@example.org", name: "hal", password: "holds-the-right-to-invite" };
const CEO: Person = { email: "ceo@example.org", name: "ceo", password: "not-really-the-ceo-yet" };
const LATE: Person = { email: "late@example.org", name: "late", password: "comes-after-two-links" };

test("somebody with an unverified address waits for other projects, until an operator verifies it", async ({
  browser,
}) => {
  const operator = await logIn(browser, MANAGER);
  await makeProject(operator, "The operator's", ["Sheep"]);
  const holder = await becomesHolder(browser, operator);

  await makeProject(holder, "The holder's", ["Goat"]);
  const ceo = await acceptInvitation(browser, await addPerson(holder, CEO, "annotator"), CEO);
  await expect(row(holder, CEO.email).getByText("Address not verified")).toBeVisible();

  await addAddress(operator, CEO.email, "annotator");
  await expect(operator.getByText(/its address is not verified/)).toBeVisible();
  await expect(row(operator, CEO.email).getByText("Waits for verification")).toBeVisible();
  await ceo.reload();
  await expect(ceo.getByRole("heading", { name: "The holder's" })).toBeVisible();
  await expect(ceo.getByRole("heading", { name: "The operator's" })).toHaveCount(0);

  const admin = await adminPage(operator, CEO.email);
  await admin.getByRole("checkbox", { name: /Select this object/ }).check();
  await admin.getByLabel("Action:").selectOption({ label: "Mark address as verified" });
  await admin.getByRole("button", { name: /Run|Go/ }).click();
  await expect(admin.getByText("1 addresses are verified.")).toBeVisible();

  // The operator's open page updates by itself.
  await expect(row(operator, CEO.email).getByText("Waits for verification")).toHaveCount(0);
  await expect(row(operator, CEO.email).getByRole("button", { name: "Remove ceo", exact: true })).toBeVisible();
  await ceo.reload();
  await expect(ceo.getByRole("heading", { name: "The operator's" })).toBeVisible();
});

test("an invitation is withdrawn and renewed, and old links say why they do not work", async ({ browser }) => {
  const manager = await logIn(browser, MANAGER);
  await makeProject(manager, "Latecomers", ["Sheep"]);
  const first = await addPerson(manager, LATE, "viewer");
  await row(manager, LATE.email).getByRole("button", { name: "Withdraw invitation" }).click();
  await expect(row(manager, LATE.email).getByText("Invitation withdrawn")).toBeVisible();
  await isRefused(browser, first, /was withdrawn/);

  await row(manager, LATE.email).getByRole("button", { name: "Renew link" }).click();
  const field = manager.getByLabel(`New invitation link of ${LATE.email}`);
  await expect(field).toHaveValue(/\/invite#/);
  await expect(row(manager, LATE.email).getByText(/^Invited, expires/)).toBeVisible();
  const second = await field.inputValue();
  await isRefused(browser, first, /was withdrawn/);
  await acceptInvitation(browser, second, LATE);
  await isRefused(browser, second, /was used already/);
  // The manager's open page shows that the account is set up.
  await expect(row(manager, LATE.email).getByRole("button", { name: "Renew link" })).toHaveCount(0);
});

const row = (page: Page, email: string) => page.getByRole("row").filter({ hasText: email });

/** Somebody with the rights that an operator grants in the admin, logged in. */
async function becomesHolder(browser: Browser, operator: Page): Promise<Page> {
  const holder = await acceptInvitation(browser, await addPerson(operator, HOLDER, "viewer"), HOLDER);
  await expect(holder.getByRole("button", { name: "New project" })).toHaveCount(0);
  const admin = await adminPage(operator, HOLDER.email);
  await admin.getByRole("link", { name: HOLDER.email }).click();
  await admin.getByLabel("May create projects").check();
  await admin.getByLabel("May invite").check();
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await expect(admin.getByText(/was changed successfully/)).toBeVisible();
  await admin.close();
  await holder.reload();
  return holder;
}

/** The admin's list of people, in another tab, with this one. */
async function adminPage(operator: Page, email: string): Promise<Page> {
  const page = await operator.context().newPage();
  await page.goto(`/admin/accounts/user/?q=${email}`);
  return page;
}

async function isRefused(browser: Browser, link: string, why: RegExp): Promise<void> {
  const page = await newPage(browser);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This invitation does not work" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveText(why);
  await page.context().close();
}
