import { type Browser, expect, type Page } from "@playwright/test";
import { makeImage } from "./made";
import { logIn, MANAGER, newTab } from "./people";
import { test } from "./test";

const EVENTS = /\/events(\?|$)/;

/** A project of two classes, open on one of its tabs. */
async function openProject(browser: Browser, tab: string): Promise<{ page: Page; project: string }> {
  const page = await logIn(browser, MANAGER);
  const image = await makeImage(page, "owl", ["Owl", "Branch"]);
  const project = await page.evaluate(
    async (id) => (await (await fetch(`/api/v1/images/${id}`)).json()).project as string,
    image,
  );
  await page.goto(`/projects/${project}/${tab}`);
  return { page, project };
}

/** The pages of two managers. The second hears nothing of the first until they save. */
async function twoManagers(browser: Browser, tab: string): Promise<[Page, Page]> {
  const { page, project } = await openProject(browser, tab);
  const other = await logIn(browser, MANAGER);
  await other.route(EVENTS, (route) => route.abort());
  await other.goto(`/projects/${project}/${tab}`);
  return [page, other];
}

/** Types over what is in a field. */
async function retype(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

const form = (page: Page, name: string) => page.getByRole("form", { name });
const save = (page: Page, name: string) => form(page, name).getByRole("button", { name: "Save" }).click();
const value = (page: Page, label: string) => expect(page.getByLabel(label, { exact: true }));

test("two managers change settings: different fields both stay, of one field both versions are shown", async ({
  browser,
}) => {
  const [one, two] = await twoManagers(browser, "settings");
  await retype(two, "Description", "From above.");
  await retype(one, "Guidelines", "Whole feathers.");
  await save(one, "The project");
  await expect(one.getByText("The settings are saved.")).toBeVisible();
  await save(two, "The project");
  await expect(two.getByText("The settings are saved.")).toBeVisible();
  await value(two, "Guidelines").toHaveValue("Whole feathers.");
  await value(one, "Description").toHaveValue("From above.");

  await retype(two, "Guidelines", "Feathers and claws.");
  await retype(one, "Guidelines", "No feathers.");
  await save(one, "The project");
  await expect(form(one, "The project").getByRole("button", { name: "Save" })).toBeDisabled();
  await save(two, "The project");
  const clash = two.getByRole("group", { name: "Guidelines" });
  await expect(clash).toContainText("No feathers.");
  await expect(clash).toContainText("Feathers and claws.");
  await expect(two.getByText(/Mara Manager changed the settings/)).toBeVisible();
  await clash.getByRole("button", { name: "Keep mine" }).click();
  await save(two, "The project");
  await value(one, "Guidelines").toHaveValue("Feathers and claws.");
});

test("two managers change the attributes of a class, and the second chooses", async ({ browser }) => {
  const [one, two] = await twoManagers(browser, "classes");
  for (const [page, name] of [
    [two, "Wet"],
    [one, "Asleep"],
  ] as const) {
    await page.getByRole("button", { name: "Add… attributes of Owl" }).click();
    await page.getByRole("button", { name: "Add an attribute" }).click();
    await page.getByLabel("Name of the new attribute").click();
    await page.keyboard.type(name);
    await page.getByLabel(`Kind of ${name}`).selectOption("yes_no");
  }
  await one.getByRole("button", { name: "Save" }).click();
  await expect(one.getByRole("dialog")).toHaveCount(0);
  await two.getByRole("button", { name: "Save" }).click();
  const clash = two.getByRole("group", { name: "Attributes" });
  await expect(clash).toContainText("Asleep (Yes or no)");
  await expect(clash).toContainText("Wet (Yes or no)");
  await clash.getByRole("button", { name: "Take theirs" }).click();
  await expect(two.getByLabel("Name of Asleep")).toBeVisible();
});

test("the page asks before unsaved input is lost", async ({ browser }) => {
  const { page } = await openProject(browser, "classes");
  const tabs = page.getByRole("navigation", { name: "Project" });
  await tabs.getByRole("link", { name: "Settings" }).click();
  const question = page.getByRole("dialog", { name: "Leave without saving?" });

  await test.step("another tab of the project", async () => {
    await retype(page, "Guidelines", "Whole feathers.");
    await tabs.getByRole("link", { name: "Classes" }).click();
    await expect(question).toContainText("name, description or guidelines");
    await page.keyboard.press("Enter");
    await expect(question).toHaveCount(0);
    await value(page, "Guidelines").toHaveValue("Whole feathers.");
  });

  await test.step("the way back, and closing the browser's tab", async () => {
    await page.goBack().catch(() => undefined);
    await expect(question).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(question).toHaveCount(0);
    const closing = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const asked = await closing;
    expect(asked.type()).toBe("beforeunload");
    await asked.dismiss();
    await value(page, "Guidelines").toHaveValue("Whole feathers.");
  });

  await test.step("saved, it asks no more; given up, it is gone", async () => {
    await save(page, "The project");
    await expect(page.getByText("The settings are saved.")).toBeVisible();
    await page.getByRole("textbox", { name: "Reason 1" }).click();
    await page.keyboard.type(" at the tail");
    await tabs.getByRole("link", { name: "Classes" }).click();
    await question.getByRole("button", { name: "Leave without saving" }).click();
    await expect(page.getByLabel("Name of Owl")).toBeVisible();
  });

  await test.step("a dialog with attributes", async () => {
    await page.getByRole("button", { name: "Add… attributes of Owl" }).click();
    await page.getByRole("button", { name: "Add an attribute" }).click();
    await page.getByLabel("Name of the new attribute").click();
    await page.keyboard.type("Wet");
    await page.keyboard.press("Escape");
    await expect(page.getByText("You have not saved the attributes.")).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Name of Wet")).toHaveValue("Wet");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Discard" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});

test("a double click creates one thing, and so does a second try after a lost answer", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const doubleClick = (name: string) => page.getByRole("button", { name, exact: true }).last().dblclick();

  await test.step("a project, whose first answer is lost", async () => {
    const name = `Twice ${Date.now()}`;
    await page.getByRole("button", { name: "New project" }).first().click();
    await page.keyboard.type(name);
    await page.route(/\/projects$/, async (route) => {
      if (route.request().method() === "POST") await route.fetch();
      await route.abort();
    });
    await doubleClick("Make project");
    await expect(page.getByRole("alert")).toContainText("cannot be reached");
    await page.unroute(/\/projects$/);
    await doubleClick("Make project");
    await expect(page.getByRole("heading", { name })).toBeVisible();
    const home = await newTab(page.context());
    await home.goto("/");
    await expect(home.getByRole("link", { name, exact: true })).toHaveCount(1);
    await home.close();
  });

  await test.step("a class; another of that name in capitals is refused", async () => {
    await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Classes" }).click();
    const field = page.getByLabel("Name of the new class");
    await field.click();
    await page.keyboard.type("öl");
    await doubleClick("Add class");
    await expect(page.getByLabel("Name of öl")).toBeVisible();
    await expect(field).toHaveValue("");
    await expect(page.getByText(/has a class/)).toHaveCount(0);
    await page.keyboard.press("Tab");
    await field.click();
    await page.keyboard.type("ÖL");
    await page.keyboard.press("Enter");
    await expect(page.getByText("This project has a class “öl” already.")).toBeVisible();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
  });

  await test.step("a member and an export", async () => {
    const tabs = page.getByRole("navigation", { name: "Project" });
    await tabs.getByRole("link", { name: "People" }).click();
    await page.getByLabel("Add a person").click();
    await page.keyboard.type(`twice-${Date.now()}@example.org`);
    await doubleClick("Add");
    await expect(page.getByLabel("Invitation link", { exact: true })).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
    await tabs.getByRole("link", { name: "Export" }).click();
    await doubleClick("Make export");
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.waitForLoadState("networkidle");
    await expect(page.getByRole("row")).toHaveCount(2);
  });

  await test.step("a token", async () => {
    await page.goto("/account");
    await page.getByLabel("Name", { exact: true }).last().click();
    await page.keyboard.type("nightly");
    await doubleClick("Create token");
    await expect(page.getByLabel("New API token", { exact: true })).toBeVisible();
    await expect(page.getByRole("row", { name: /nightly/ })).toHaveCount(1);
  });
});
