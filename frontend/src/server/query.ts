import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** Tries again what may pass by itself (no network, a restarting server); a refusal stays a refusal. */
export function worthRetrying(failures: number, error: unknown): boolean {
  return error instanceof Problem && error.passing && failures < 2;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // While a page is open, events say what changed; a page that is opened asks anew, but parts of it share answers.
      queries: { retry: worthRetrying, staleTime: 2_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
}

/** What is asked for ahead waits so long for somebody who is busy with the image before it. */
export const askedAhead = { gcTime: 30 * 60_000 };
