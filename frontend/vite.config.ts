import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const backend = process.env["MASKWRIGHT_BACKEND"] ?? "http://127.0.0.1:8000";
// The backend compares Origin with Host, so the proxy keeps the browser's Host (changeOrigin: false).
const proxied = { target: backend, changeOrigin: false };

/**
 * What every page needs and changes more rarely than our code is in a file that browsers keep. Other libraries go where
 * they are used, so that whoever opens an image does not wait for the forms of other pages.
 */
const chunkOf = (id: string): string | undefined =>
  /[\\/]node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/.test(id) ? "react" : undefined;

/** A gzipped copy beside each file, which the server hands to browsers: a third of the bytes. */
const gzipped = (): Plugin => ({
  name: "gzipped",
  apply: "build",
  writeBundle({ dir = "dist" }) {
    for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|html|svg)$/.test(name)) continue;
      const file = join(dir, name);
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
    }
  },
});

/** Tests of code that knows no browser. */
const PURE = ["src/{geometry,model,tools}/**/*.test.ts"];

export default defineConfig({
  base: "/",
  plugins: [react(), gzipped()],
  server: { proxy: { "/api": proxied, "/_allauth": proxied, "/admin": proxied, "/static": proxied } },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    emptyOutDir: true,
    rollupOptions: { output: { manualChunks: chunkOf } },
  },
  test: {
    // Vitest leaves a core idle for itself.
    maxWorkers: "100%",
    restoreMocks: true,
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        // No browser is made for them, and they share their modules.
        test: {
          name: "pure",
          environment: "node",
          isolate: false,
          include: PURE,
          setupFiles: ["src/testing/properties.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          environment: "jsdom",
          include: ["src/**/*.test.{ts,tsx}"],
          exclude: PURE,
          setupFiles: ["src/testing/setup.ts"],
        },
      },
    ],
  },
});
