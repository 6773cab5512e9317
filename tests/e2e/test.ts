import { test as base } from "@playwright/test";

/** A test of people in browsers of their own, which are closed at its end: an open page goes on asking the server. */
export const test = base.extend<{ leaving: undefined }>({
  leaving: [
    async ({ browser }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],
});
