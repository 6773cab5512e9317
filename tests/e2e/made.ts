import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";

const PHOTOS = join(dirname(fileURLToPath(import.meta.url)), "../../labeling/demo/photos");

/** A project with one demo photograph, made by the API as whoever is logged in; answers the image's id. */
export async function makeImage(page: Page, name: string, classes: string[]): Promise<string> {
  const photo = readFileSync(join(PHOTOS, `${name}.jpg`)).toString("base64");
  return page.evaluate(
    async ({ photo, name, classes }) => {
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const send = async (path: string, body: FormData | string) => {
        const headers: Record<string, string> = { "X-CSRFToken": csrf };
        if (typeof body === "string") headers["Content-Type"] = "application/json";
        const response = await fetch(`/api/v1${path}`, { method: "POST", headers, body });
        if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
        return response.json();
      };
      const made = { name: `The ${name}`, classes: classes.map((name) => ({ name })) };
      const project = await send("/projects", JSON.stringify(made));
      const files = new FormData();
      const bytes = Uint8Array.from(atob(photo), (c) => c.charCodeAt(0));
      files.append("files", new Blob([bytes]), `${name}.jpg`);
      const { results } = await send(`/projects/${project.id}/images`, files);
      return results[0].image.id as string;
    },
    { photo, name, classes },
  );
}

/** An annotation as the API tells it, as far as tests look at it. */
export interface Stored {
  kind: string;
  source: string;
  area: number;
  bbox: [number, number, number, number];
  polygon: number[][][] | null;
  prompts: { mask: boolean; box: number[] | null }[];
  predicted_iou: number | null;
  stability_score: number | null;
  version: number;
}

/** What the server has, in z order. */
export const stored = (page: Page, image: string): Promise<Stored[]> =>
  page.evaluate(async (id) => (await fetch(`/api/v1/images/${id}/annotations`)).json(), image);
