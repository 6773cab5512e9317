import { defineConfig } from "@playwright/test";

/** For `python -m tests.bench editor`, which starts the installation and says where it is. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../test-results",
  workers: 1,
  timeout: 300_000,
  reporter: [["line"]],
  use: {
    baseURL: process.env.BENCH_URL,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
