import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { logIn, MANAGER, newPage, type Person } from "./people";
import { test } from "./test";

const PETRA: Person = { email: "petra@example.org", name: "Petra", password: "chosen-by-petra" };
const NEW = "chosen-by-petra-anew";

const LOOKS = [
  { colorScheme: "dark", size: { width: 1440, height: 900 } },
  { colorScheme: "light", size: { width: 1024, height: 768 } },
] as const;

test("an operator makes an account and its password link; its owner changes the password and makes tokens", async ({
  browser,
}) => {
  const link = await test.step("the admin asks for the login, which counts attempts", async () => {
    const page = await newPage(browser);
    await page.goto("/admin/");
    await expect(page).toHaveURL(/\/login\?next=%2Fadmin%2F$/);
    await page.getByLabel("E-mail").fill(MANAGER.email);
    await page.getByRole("textbox", { name: "Password", exact: true }).fill(MANAGER.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/admin\/$/);
    return passwordLink(page);
  });

  const page = await newPage(browser);
  await test.step("the link sets the password, and works once", async () => {
    await setPassword(page, link, PETRA.password);
    await expect(page.getByText("Your password is set.")).toBeVisible();
    await setPassword(page, link, "not-by-somebody-else");
    await expect(page.getByRole("alert")).toContainText("used already");
  });

  const [here, elsewhere] = [await logIn(browser, PETRA), await logIn(browser, PETRA)];
  await here.goto("/account");

  await test.step("a password is changed with keys alone; the other session ends, this one stays", async () => {
    await here.getByLabel("Current password").focus();
    await here.keyboard.type("a wrong one");
    await here.keyboard.press("Tab");
    await here.keyboard.type(NEW);
    await here.keyboard.press("Enter");
    await expect(here.getByText("This is not your current password.")).toBeVisible();
    await here.getByLabel("Current password").focus();
    await here.keyboard.press("ControlOrMeta+a");
    await here.keyboard.type(PETRA.password);
    await here.keyboard.press("Enter");
    await expect(here.getByText("Your other sessions have ended.")).toBeVisible();
    await elsewhere.goto("/account");
    await expect(elsewhere).toHaveURL(/\/login/);
    await here.reload();
    await expect(here.getByRole("heading", { name: "API tokens" })).toBeVisible();
  });

  await test.step("a token gets scopes and an end, and is shown once", async () => {
    await here.getByLabel("Name", { exact: true }).last().fill("nightly import");
    await here.getByLabel("Export").check();
    await here.getByLabel("Expires after").selectOption("30 days");
    await here.getByRole("button", { name: "Create token" }).click();
    const token = await here.getByLabel("New API token").inputValue();
    expect(await status(here, token, "GET", "/api/v1/me")).toBe(200);
    expect(await status(here, token, "POST", "/api/v1/projects")).toBe(403);
    await here.reload();
    await expect(here.getByLabel("New API token")).toBeHidden();
    const row = here.getByRole("row", { name: /nightly import/ });
    await expect(row).toContainText("read, export");
    await expect(row).toContainText("just now");
    await expect(row).toContainText("in 4 weeks");
    for (const { colorScheme, size } of LOOKS) {
      await here.emulateMedia({ colorScheme });
      await here.setViewportSize(size);
      await row.scrollIntoViewIfNeeded();
      expect(await serious(here), colorScheme).toEqual([]);
      await here.screenshot({ path: `test-results/account-${colorScheme}.png` });
    }
    await here.getByRole("button", { name: "Revoke nightly import" }).click();
    await here.getByRole("button", { name: "Revoke", exact: true }).click();
    await expect(row).toBeHidden();
    expect(await status(here, token, "GET", "/api/v1/me")).toBe(401);
  });

  await test.step("without mail the login says whom to ask for a link", async () => {
    await elsewhere.getByRole("link", { name: "Forgot your password?" }).click();
    await elsewhere.getByLabel("E-mail").fill(PETRA.email);
    await elsewhere.keyboard.press("Enter");
    await expect(elsewhere.getByRole("alert")).toContainText("Ask one of its operators");
    expect(await serious(elsewhere)).toEqual([]);
  });
});

/** Creates an account in the admin, and a link that sets its password. */
async function passwordLink(page: Page): Promise<string> {
  await page.goto("/admin/accounts/user/add/");
  await page.getByLabel("Email").fill(PETRA.email);
  await page.getByLabel("Name").fill(PETRA.name);
  await page.getByLabel("Password:", { exact: true }).fill("made-by-the-operator");
  await page.getByLabel("Password confirmation").fill("made-by-the-operator");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("link", { name: "Create password link" }).click();
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByLabel("Password link").inputValue();
  await page.screenshot({ path: "test-results/password-link.png" });
  await page.getByRole("link", { name: `Back to ${PETRA.name}` }).click();
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByText("Created a password link.")).toBeVisible();
  return link;
}

async function setPassword(page: Page, link: string, password: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByRole("textbox", { name: "New password" }).fill(password);
  await page.getByRole("button", { name: "Set the password" }).click();
}

/** The status of the answer to a script with this token. */
async function status(page: Page, token: string, method: string, path: string): Promise<number> {
  const options = { method, headers: { Authorization: `Bearer ${token}` } };
  const answer = await page.request.fetch(path, method === "GET" ? options : { ...options, data: { name: "x" } });
  return answer.status();
}
