import { expect, type Page } from "@playwright/test";
import { answered, Canvas, onlyCandidate, saved } from "./canvas";
import { makeImage, stored } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

const LARGE = { width: 3072, height: 2049 };
const EYE = [0.629, 0.338] as const;

/** The photograph of `image` three times as large, in the same project; answers its id. */
const enlarge = (page: Page, image: string): Promise<string> =>
  page.evaluate(async (id) => {
    const { project, file_url } = await (await fetch(`/api/v1/images/${id}`)).json();
    const photo = await createImageBitmap(await (await fetch(file_url)).blob());
    const canvas = new OffscreenCanvas(3 * photo.width, 3 * photo.height);
    canvas.getContext("2d")?.drawImage(photo, 0, 0, canvas.width, canvas.height);
    const files = new FormData();
    files.append("files", await canvas.convertToBlob({ type: "image/jpeg" }), "large.jpg");
    const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const response = await fetch(`/api/v1/projects/${project}/images`, {
      method: "POST",
      headers: { "X-CSRFToken": csrf },
      body: files,
    });
    return (await response.json()).results[0].image.id;
  }, image);

test("who zooms into a large image is answered at once, and soon from a closer look", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const image = await enlarge(page, await makeImage(page, "owl", ["Owl"]));
  const regions: unknown[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/predict")) regions.push(request.postDataJSON().region);
  });
  await page.goto(`/images/${image}`);
  await expect(page.getByText("embedding ready")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByLabel("Loading the photograph")).toHaveCount(0);
  const { x, y } = await new Canvas(page, LARGE).at(...EYE);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -600);
  const box = async () => {
    await page.mouse.move(x - 75, y - 60);
    await page.mouse.down();
    await page.mouse.move(x + 65, y + 45, { steps: 3 });
    await page.mouse.up();
  };
  await box();
  await answered(page, 1);
  // First the whole image, since nobody has looked at this part before.
  expect(regions[0]).toHaveLength(4);
  expect(regions[1]).toBeNull();
  await expect(onlyCandidate(page)).toHaveText(/· detail$/, { timeout: 60_000 });
  await page.keyboard.press("Enter");
  await saved(page);
  const [mask] = await stored(page, image);
  expect(mask).toMatchObject({ kind: "mask", source: "sam" });

  // Let go of it: a box around it would make it anew.
  await page.keyboard.press("Escape");
  const before = regions.length;
  await box();
  await expect(onlyCandidate(page)).toHaveText(/· detail$/);
  expect(regions.slice(before)).toHaveLength(1);
});
