import type { Page } from "@playwright/test";

/** One request to the API as whoever is logged in on the page; answers its JSON, or null. `version` is changed. */
export const api = <T = unknown>(
  page: Page,
  method: string,
  path: string,
  body?: unknown,
  version?: number,
): Promise<T> =>
  page.evaluate(
    async ({ method, path, body, version }) => {
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const headers: Record<string, string> = { "X-CSRFToken": csrf, "Content-Type": "application/json" };
      if (version !== undefined) headers["If-Match"] = `"${version}"`;
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      const answer = await fetch(`/api/v1${path}`, init);
      if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    { method, path, body, version },
  ) as Promise<T>;

interface Work {
  state: string;
  nothing_to_label: boolean;
  image_review: string;
}

/** How it stands with the work on an image. */
export async function workOn(page: Page, image: string): Promise<Work | null> {
  const { assignment } = await api<{ assignment: Work | null }>(page, "GET", `/images/${image}`);
  return assignment;
}
