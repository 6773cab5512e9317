import { readFileSync } from "node:fs";
import { type Browser, type BrowserContext, expect } from "@playwright/test";
import { installProbe } from "./probe";

const MIB = 2 ** 20;

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

export async function loggedIn(browser: Browser): Promise<State> {
  const page = await browser.newPage();
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(process.env.BENCH_EMAIL ?? "");
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(process.env.BENCH_PASSWORD ?? "");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "My work" })).toBeVisible();
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

/** A browser that is logged in and has nothing in its caches. */
export async function fresh(browser: Browser, storageState: State): Promise<BrowserContext> {
  const context = await browser.newContext({ storageState });
  await context.addInitScript(installProbe);
  return context;
}

/** The largest renderer's share of the memory, as Linux counts it (PSS). */
export async function rendererMemory(browser: Browser | null): Promise<number> {
  if (!browser) return Number.NaN;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1]);
  return Math.max(...sizes.map((size) => Number(size ?? 0) * 1024)) / MIB;
}
