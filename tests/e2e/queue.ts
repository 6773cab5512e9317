import { expect, type Page } from "@playwright/test";
import { makeImages } from "./made";

/** Where polygons lie on each photograph; so small a part of it that the reviewer's page has to zoom. */
const SQUARES = [
  [100, 100],
  [420, 160],
  [300, 420],
] as const;
const SIDE = 160;

/**
 * A project whose manager may judge their own, with photographs of three polygons each that wait for a verdict;
 * answers the project's id. Crossed ones are not squares but cross themselves in their middle.
 */
export async function makeQueue(page: Page, photos: string[], classes: string[], crossed = false): Promise<string> {
  const images = await makeImages(page, photos, classes);
  return page.evaluate(
    async ({ images, squares, side, crossed }) => {
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const send = async (method: string, path: string, body: unknown) => {
        const headers = { "X-CSRFToken": csrf, "Content-Type": "application/json", "If-Match": "1" };
        const response = await fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
        if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
        return response.json();
      };
      const get = async (path: string) => (await fetch(`/api/v1${path}`)).json();
      const { project } = await get(`/images/${images[0]}`);
      const classes = await get(`/projects/${project}/classes`);
      const me = await get("/me");
      await send("PATCH", `/projects/${project}`, { review: { own: true } });
      await send("POST", `/projects/${project}/assignments`, { annotator: me.id, images });
      for (const image of images) {
        for (const [i, [x, y]] of squares.entries())
          await send("POST", `/images/${image}/annotations`, {
            id: crypto.randomUUID(),
            class_id: classes[i % classes.length].id,
            kind: "polygon",
            source: "polygon",
            polygon: crossed
              ? [[[x, y, x + side, y + side, x + side, y, x, y + side]]]
              : [[[x, y, x + side, y, x + side, y + side, x, y + side]]],
          });
      }
      for (const { id } of await get("/me/assignments"))
        await send("POST", `/assignments/${id}/submit`, {}).catch(() => undefined);
      return project as string;
    },
    { images, squares: SQUARES, side: SIDE, crossed },
  );
}

export async function openReview(page: Page, project: string, query = ""): Promise<void> {
  await page.goto(`/projects/${project}/review${query}`);
  await expect(page.getByRole("complementary", { name: "The mask to be judged" })).toBeVisible();
}

/** Long enough to have seen what is shown: nobody may judge what they have not. */
export async function looked(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const shown = document.querySelector("[data-judged-id]")?.getAttribute("data-judged-id");
        return shown !== undefined && document.querySelector(`[data-seen="${shown}"]`) !== null;
      }),
    )
    .toBe(true);
  await page.waitForTimeout(200);
}

export const waiting = (page: Page, count: number) =>
  expect(page.getByText(`${count} waiting`, { exact: true })).toBeVisible();
