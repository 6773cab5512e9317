import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const PYTHON = join(HERE, "../../.venv/bin/python");
const FIRST_PORT = Number(process.env.E2E_PORT ?? 8765);
const START_MS = 120_000;

/** A running server with its workers, database and storage, which nobody else uses. */
export interface Installation {
  url: string;
  stop: () => Promise<void>;
}

/** Starts serve.py for one of Playwright's parallel workers and waits until it is ready. */
export async function startInstallation(workerIndex: number): Promise<Installation> {
  const port = FIRST_PORT + 10 * workerIndex;
  const server = spawn(PYTHON, [join(HERE, "serve.py"), String(port)], { stdio: ["ignore", "inherit", "inherit"] });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(server, `${url}/api/v1/health/ready`);
  return { url, stop: () => stopped(server) };
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The installation ended with ${server.exitCode}.`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > end) throw new Error(`The installation did not answer within ${START_MS / 1000} seconds.`);
    await pause(200);
  }
}

async function stopped(server: ChildProcess): Promise<void> {
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await ended;
}
