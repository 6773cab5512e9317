import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const PYTHON = join(HERE, "../../.venv/bin/python");
const FIRST_PORT = Number(process.env.E2E_PORT ?? 8765);

/** A running server with its workers, database and storage, which nobody else uses. */
export interface Installation {
  url: string;
  stop: () => Promise<void>;
}

/** Starts serve.py for one of Playwright's parallel workers. What it prints goes into a file of its own. */
export async function startInstallation(workerIndex: number, folder: string): Promise<Installation> {
  const port = FIRST_PORT + 10 * workerIndex;
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `installation-${port}.log`);
  const server = spawn(PYTHON, [join(HERE, "serve.py"), String(port)], { stdio: ["ignore", "pipe", "pipe"] });
  for (const output of [server.stdout, server.stderr]) output.pipe(createWriteStream(log, { flags: "a" }));
  await untilReady(server.stdout, log);
  return { url: `http://127.0.0.1:${port}`, stop: () => stopped(server) };
}

/** Waits for the line that serve.py prints once its manager can log in: the server answers before that. */
async function untilReady(output: Readable, log: string): Promise<void> {
  for await (const line of createInterface({ input: output })) {
    if (!line.startsWith("ready at")) continue;
    // Leaving the loop has paused the stream, which still flows into the file.
    output.resume();
    return;
  }
  throw new Error(`The installation did not start. What it printed is in ${log}.`);
}

async function stopped(server: ChildProcess): Promise<void> {
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await ended;
}
