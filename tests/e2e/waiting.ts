import type { Page } from "@playwright/test";
import { makeImages } from "./made";

/** Images whose masks wait for a verdict. */
export interface Waiting {
  project: string;
  images: string[];
  /** The annotations, the least certain first. */
  masks: string[];
}

/** A project in which so many masks on each photograph wait for the very person who drew them, as it allows that. */
export async function makeWaiting(page: Page, names: string[], classes: string[], onEach: number): Promise<Waiting> {
  const images = await makeImages(page, names, classes);
  return page.evaluate(
    async ({ images, onEach }) => {
      const csrf = () => /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const send = async (method: string, path: string, body?: unknown) => {
        const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/json", "If-Match": "1" };
        const response = await fetch(`/api/v1${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
        if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
        return response.status === 204 ? null : response.json();
      };
      /** COCO's compressed counts of an ellipse in an image. */
      const ellipse = (width: number, height: number, around: number[]) => {
        const [cx = 0, cy = 0, rx = 0, ry = 0] = around.map(Math.floor);
        const counts: number[] = [];
        let end = 0;
        for (let x = Math.ceil(cx - rx + 1); x < cx + rx - 1; x++) {
          const half = Math.floor(ry * Math.sqrt(1 - ((x - cx) / rx) ** 2));
          counts.push(x * height + cy - half - end, 2 * half + 1);
          end = x * height + cy + half + 1;
        }
        counts.push(width * height - end);
        const written = counts.map((count, i) => {
          let [value, text, more] = [i > 2 ? count - counts[i - 2]! : count, "", true];
          while (more) {
            const group = value & 31;
            value >>= 5;
            more = group & 16 ? value !== -1 : value !== 0;
            text += String.fromCharCode((more ? group | 32 : group) + 48);
          }
          return text;
        });
        return { size: [height, width], counts: written.join("") };
      };
      const { project } = await send("GET", `/images/${images[0]}`);
      await send("PATCH", `/projects/${project}`, { review: { own: true, sample: 0 } });
      const me = await send("GET", "/me");
      const classes = await send("GET", `/projects/${project}/classes`);
      const columns = Math.ceil(Math.sqrt(onEach));
      for (const [n, image] of images.entries()) {
        const { width, height } = await send("GET", `/images/${image}`);
        const [w, h] = [width / columns, height / columns];
        const create = Array.from({ length: onEach }, (_, i) => {
          const [cx, cy] = [((i % columns) + 0.5) * w, (Math.floor(i / columns) + 0.5) * h];
          return {
            id: crypto.randomUUID(),
            class_id: classes[(i + n) % classes.length].id,
            kind: "mask",
            source: "sam",
            segmentation: ellipse(width, height, [cx, cy, 0.35 * w, 0.35 * h]),
            predicted_iou: 0.5 + (0.49 * (i * images.length + n)) / (onEach * images.length),
            stability_score: 0.95,
          };
        });
        await send("POST", `/images/${image}/changes`, { create });
      }
      await send("POST", `/projects/${project}/assignments`, { annotator: me.id, images });
      for (const image of images) {
        const { assignment } = await send("GET", `/images/${image}`);
        await send("POST", `/assignments/${assignment.id}/submit`);
      }
      const queue = await send("GET", `/projects/${project}/review-queue?limit=500`);
      return { project, images, masks: queue.results.map(({ id }: { id: string }) => id) };
    },
    { images, onEach },
  );
}

/** What became of an annotation. */
export const stateOf = (page: Page, id: string): Promise<{ state: string; reason: string | null; version: number }> =>
  page.evaluate(async (id) => {
    const { state, review, version } = await (await fetch(`/api/v1/annotations/${id}`)).json();
    return { state, reason: review?.reason ?? null, version };
  }, id);
