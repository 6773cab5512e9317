import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";
import { Canvas } from "./canvas";
import { makeImage } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

const LARGE = { width: 12_000, height: 9_000 };
const HERE = dirname(fileURLToPath(import.meta.url));

function largePhotograph(): string {
  const file = join(mkdtempSync(join(tmpdir(), "large-")), "large.jpg");
  execFileSync(join(HERE, "../../.venv/bin/python"), [join(HERE, "large.py"), file]);
  return readFileSync(file).toString("base64");
}

/** Adds the large photograph to the project of `image`; answers its id. */
const addLarge = (page: Page, image: string): Promise<string> =>
  page.evaluate(
    async ([id, photograph]) => {
      const { project } = await (await fetch(`/api/v1/images/${id}`)).json();
      const files = new FormData();
      files.append("files", new Blob([Uint8Array.from(atob(photograph), (c) => c.charCodeAt(0))]), "large.jpg");
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const response = await fetch(`/api/v1/projects/${project}/images`, {
        method: "POST",
        headers: { "X-CSRFToken": csrf },
        body: files,
      });
      return (await response.json()).results[0].image.id;
    },
    [image, largePhotograph()] as const,
  );

/** On the photograph's canvas, the greatest difference between neighbouring pixels of a row around its middle. */
const contrast = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("[role=application] canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return 0;
    const reds = context
      .getImageData(canvas.width / 2 - 128, canvas.height / 2, 256, 1)
      .data.filter((_, i) => i % 4 === 0);
    return Math.max(...[...reds.slice(1)].map((red, i) => Math.abs(red - (reds[i] ?? 0))));
  });

test("an image of 108 megapixels opens by tiles, whose details come with the zoom, and never whole", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const image = await addLarge(page, await makeImage(page, "owl", ["Owl"]));
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`/images/${image}`);
  await expect(page.getByRole("application")).toBeVisible();
  await expect(page.getByText("cut into tiles")).toHaveCount(0, { timeout: 60_000 });
  await expect.poll(() => asked.some((path) => /\/tiles\/\d+\/\d+\/\d+$/.test(path))).toBe(true);

  expect(await contrast(page)).toBeLessThan(100);
  const { x, y } = await new Canvas(page, LARGE).at(0.5, 0.5);
  await page.mouse.move(x, y);
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -300);
  await expect.poll(() => contrast(page), { timeout: 30_000 }).toBeGreaterThan(200);
  expect(asked.filter((path) => path.includes(image) && /\/(file|original)$/.test(path))).toEqual([]);
});
