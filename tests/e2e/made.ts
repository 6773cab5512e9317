import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";

const PHOTOS = join(dirname(fileURLToPath(import.meta.url)), "../../labeling/demo/photos");

/** A class by its name, or with attributes as the API takes them. */
export type NewClass = string | { name: string; attributes: object[] };

/** A project with one demo photograph, made by the API as whoever is logged in; answers the image's id. */
export async function makeImage(page: Page, name: string, classes: NewClass[]): Promise<string> {
  const [image = ""] = await makeImages(page, [name], classes);
  return image;
}

/** A project with several demo photographs; answers the images' ids in the order of the names. */
export async function makeImages(page: Page, names: string[], classes: NewClass[]): Promise<string[]> {
  const photos = names.map((name) => ({
    name,
    bytes: readFileSync(join(PHOTOS, `${name}.jpg`)).toString("base64"),
  }));
  return page.evaluate(
    async ({ photos, classes }) => {
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const send = async (path: string, body: FormData | string) => {
        const headers: Record<string, string> = { "X-CSRFToken": csrf };
        if (typeof body === "string") headers["Content-Type"] = "application/json";
        const response = await fetch(`/api/v1${path}`, { method: "POST", headers, body });
        if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
        return response.json();
      };
      const made = {
        name: `The ${photos[0]?.name}`,
        classes: classes.map((one) => (typeof one === "string" ? { name: one } : one)),
      };
      const project = await send("/projects", JSON.stringify(made));
      const files = new FormData();
      for (const { name, bytes } of photos) {
        const photo = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
        files.append("files", new Blob([photo]), `${name}.jpg`);
      }
      const { results } = await send(`/projects/${project.id}/images`, files);
      return results.map(({ image }: { image: { id: string } }) => image.id);
    },
    { photos, classes },
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
  attributes: Record<string, unknown>;
  predicted_iou: number | null;
  stability_score: number | null;
  version: number;
}

/** What the server has, in z order. */
export const stored = (page: Page, image: string): Promise<Stored[]> =>
  page.evaluate(async (id) => {
    const all: (Stored & { z: number; created_at: string })[] = [];
    let address: string | null = `/api/v1/images/${id}/annotations`;
    while (address !== null) {
      const { results, next }: { results: typeof all; next: string | null } = await (await fetch(address)).json();
      all.push(...results);
      address = next;
    }
    return all.sort((a, b) => a.z - b.z || (a.created_at < b.created_at ? -1 : 1));
  }, image);
