import { defineConfig } from "@playwright/test";

/** For `python -m tests.bench editor`, which starts the installation and says where it is. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../test-results",
  workers: 1,
  // It waits for what it measures; on a busy machine that takes many times as long as on an idle one.
  timeout: 1_800_000,
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
