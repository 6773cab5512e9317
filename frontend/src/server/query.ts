import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** Tries again what may pass by itself (no network, a restarting server); a refusal stays a refusal. */
export function worthRetrying(failures: number, error: unknown): boolean {
  return error instanceof Problem && error.passing && failures < 2;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Events outdate what changed, so nothing needs to be fetched again just because a tab got the focus.
      queries: { retry: worthRetrying, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
}
