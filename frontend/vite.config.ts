import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env["MASKWRIGHT_BACKEND"] ?? "http://127.0.0.1:8000";
// The backend compares Origin with Host, so the proxy keeps the browser's Host (changeOrigin: false).
const proxied = { target: backend, changeOrigin: false };

/** Libraries that change more rarely than our code, each in a file that browsers keep. */
function chunkOf(id: string): string | undefined {
  if (!id.includes("node_modules")) return undefined;
  // Only the page that has charts loads them.
  if (/[\\/]@mantine[\\/]charts[\\/]/.test(id)) return undefined;
  if (/[\\/]@mantine[\\/]|[\\/]@floating-ui[\\/]/.test(id)) return "mantine";
  if (/[\\/](react|react-dom|react-router|scheduler)[\\/]/.test(id)) return "react";
  return undefined;
}

export default defineConfig({
  base: "/",
  plugins: [react()],
  server: { proxy: { "/api": proxied, "/_allauth": proxied } },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    emptyOutDir: true,
    rollupOptions: { output: { manualChunks: chunkOf } },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
