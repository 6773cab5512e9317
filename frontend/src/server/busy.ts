import { Problem } from "./problem";

/** How often a server that is too busy is asked again before people are told. */
const TRIES = 4;

/** Repeats a request, after the pause that the server asks for, as long as it answers `overloaded`. */
export async function whenNotBusy<T>(ask: () => Promise<T>, tries = TRIES): Promise<T> {
  for (let left = tries; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      const seconds = secondsToWait(error);
      if (seconds === null || left === 0) throw error;
      // Not everybody at the same moment again.
      await asleep(seconds * 1000 * (0.75 + Math.random() / 2));
    }
  }
}

function secondsToWait(error: unknown): number | null {
  if (!(error instanceof Problem) || error.code !== "overloaded") return null;
  const seconds = error.body["retry_after"];
  return typeof seconds === "number" ? seconds : 1;
}

const asleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
