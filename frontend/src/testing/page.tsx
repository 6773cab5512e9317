import { ModalsProvider } from "@mantine/modals";
import { Notifications, notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactElement } from "react";
import { createMemoryRouter, type RouteObject, RouterProvider } from "react-router";
import { vi } from "vitest";
import { ThemeProvider } from "../theme/provider";

type Answer = unknown | ((request: { body: unknown; url: URL }) => unknown);

export interface Sent {
  method: string;
  path: string;
  body: unknown;
  headers: Record<string, string>;
}

/** A refusal for `serve`: answered as problem+json. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly body: object,
  ) {}
}

/** Answers `fetch` by "METHOD /path" (without the API's base); what was sent is recorded in the answered list. */
export function serve(answers: Record<string, Answer>): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, "http://localhost");
    const path = url.pathname.replace("/api/v1", "");
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const method = init.method ?? "GET";
    sent.push({ method, path, body, headers: init.headers as Record<string, string> });
    const found = answers[`${method} ${path}`];
    const answer = await (typeof found === "function" ? found({ body, url }) : found);
    if (answer === undefined)
      return response(404, { status: 404, code: "not_found", detail: `No ${method} ${path}` });
    return answer instanceof Refusal ? response(answer.status, answer.body) : response(200, answer);
  });
  return sent;
}

/** The only page of a cursor-paged list. */
export const pageOf = (results: readonly unknown[]) => ({ results, next: null, previous: null });

const response = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

interface Place {
  /** The route's pattern and the address in it. */
  path?: string;
  at?: string;
  others?: RouteObject[];
  /** What the page's outlet shows. */
  child?: ReactElement;
}

/** Renders a page with everything that pages stand in. */
export function renderPage(element: ReactElement, { path = "/", at = "/", others = [], child }: Place = {}) {
  const children = child ? [{ index: true, element: child }] : [];
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  // Toasts of the test before are kept beside React.
  notifications.clean();
  const router = createMemoryRouter([{ path, element, children }, ...others], { initialEntries: [at] });
  render(
    <ThemeProvider>
      <QueryClientProvider client={client}>
        <ModalsProvider>
          <Notifications />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </ThemeProvider>,
  );
  return { client, router };
}
