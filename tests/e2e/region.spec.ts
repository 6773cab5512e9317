import { expect, type Page, test } from "@playwright/test";
import { answered, candidates, saved } from "./canvas";
import { makeImage, stored } from "./made";
import { logIn, MANAGER } from "./people";

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
  const box = await page.getByRole("application").boundingBox();
  if (!box) throw new Error("The canvas is not there yet.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -600);
  await page.mouse.click(x, y);
  await answered(page, 3);
  // First the whole image, since nobody has looked at this part before.
  expect(regions[0]).toHaveLength(4);
  expect(regions[1]).toBeNull();
  await expect(candidates(page).getByText("detail", { exact: true })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Enter");
  await saved(page);
  const [mask] = await stored(page, image);
  expect(mask).toMatchObject({ kind: "mask", source: "sam" });

  const before = regions.length;
  await page.mouse.click(x + 60, y + 60);
  await expect(candidates(page).getByText("detail", { exact: true })).toBeVisible();
  expect(regions.slice(before)).toHaveLength(1);
});
