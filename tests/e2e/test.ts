import { test as base } from "@playwright/test";
import { type Installation, startInstallation } from "./installation";

/**
 * A test of people in browsers of their own, on the installation of its worker. Every context is closed at the end of
 * the test, because an open page keeps sending requests.
 */
export const test = base.extend<{ closedContexts: undefined }, { installation: Installation }>({
  installation: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use, { parallelIndex, project }) => {
      const installation = await startInstallation(parallelIndex, project.outputDir);
      await use(installation);
      await installation.stop();
    },
    { scope: "worker", auto: true, timeout: 150_000 },
  ],
  baseURL: async ({ installation }, use) => use(installation.url),
  closedContexts: [
    async ({ browser }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],
});
