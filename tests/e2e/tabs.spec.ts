import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, expect, type Page } from "@playwright/test";
import { logIn, MANAGER, newTab } from "./people";
import { test } from "./test";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const photo = (name: string) => join(ROOT, "labeling", "demo", "photos", `${name}.jpg`);
const isStream = (url: string) => /\/projects\/[^/]+\/events/.test(url);

test("seven tabs share one event stream, and the next tab takes it over", async ({ browser }) => {
  const { tabs, streams } = await sevenTabs(browser, "Seven tabs");
  await upload(tabs[6]!, "duck");
  for (const tab of tabs) await expect(row(tab, "duck.jpg")).toBeVisible();
  expect(streams).toHaveLength(1);

  const leader = tabs.indexOf(streams[0] as Page);
  const [closed] = tabs.splice(leader, 1);
  await closed?.close();
  await expect.poll(() => streams.length).toBe(2);
  await upload(tabs[5]!, "sheep");
  for (const tab of tabs) await expect(row(tab, "sheep.jpg")).toBeVisible();
  // With a stream a tab a seventh would wait for ever: browsers open six connections to a site.
  await tabs[0]!.goto("/");
  await expect(tabs[0]!.getByRole("heading", { name: "My work" })).toBeVisible();
});

test("pages recover by themselves when the web process is killed", async ({ browser, baseURL }) => {
  const { tabs } = await sevenTabs(browser, "Restarted");
  await upload(tabs[6]!, "duck");
  for (const tab of tabs) await expect(row(tab, "duck.jpg")).toBeVisible();

  process.kill(webProcess(baseURL), "SIGKILL");
  // The page says that it could not, and it can once the process is back.
  await expect(async () => {
    await tabs[6]!.locator('input[type="file"]').first().setInputFiles(photo("sheep"));
    await expect(row(tabs[6]!, "sheep.jpg")).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  for (const tab of tabs) await expect(row(tab, "sheep.jpg")).toBeVisible({ timeout: 45_000 });
  // What came about in the meantime has not been missed either.
  for (const tab of tabs) {
    await expect(tab.getByRole("gridcell").getByText("ready")).toHaveCount(2, { timeout: 90_000 });
  }
});

/** A new project's list of images in seven tabs of one browser, and the tabs that opened an event stream. */
async function sevenTabs(browser: Browser, name: string): Promise<{ tabs: Page[]; streams: Page[] }> {
  const first = await logIn(browser, MANAGER);
  await first.getByRole("button", { name: "New project" }).first().click();
  await first.getByRole("dialog").getByLabel("Name", { exact: true }).fill(name);
  await first.getByRole("button", { name: "Make project" }).click();
  await first.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Images" }).click();
  await expect(first.locator('input[type="file"]').first()).toBeAttached();
  const address = first.url();
  await first.goto("/");

  const streams: Page[] = [];
  const tabs: Page[] = [];
  for (let n = 0; n < 7; n++) {
    const tab = await newTab(first.context());
    tab.on("request", (request) => isStream(request.url()) && streams.push(tab));
    await tab.goto(address);
    await expect(tab.locator('input[type="file"]').first()).toBeAttached();
    tabs.push(tab);
  }
  await first.close();
  return { tabs, streams };
}

async function upload(page: Page, name: string): Promise<void> {
  await page.locator('input[type="file"]').first().setInputFiles(photo(name));
}

const row = (page: Page, name: string) => page.getByRole("gridcell", { name });

/** The process id of the server under test: uvicorn on this port. */
function webProcess(baseURL: string | undefined): number {
  const port = new URL(baseURL ?? "").port;
  return Number(
    execFileSync("pgrep", ["-f", `uvicorn labeling.asgi:application .*--port ${port}`], { encoding: "utf8" }),
  );
}
