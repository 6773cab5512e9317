import { expect } from "@playwright/test";
import { answered, saved } from "./canvas";
import { OWL, object, openReady, undoes } from "./desk";
import { stored } from "./made";
import { test } from "./test";

test("a committed mask is refined by more clicks, or left as it was", async ({ browser }) => {
  const { page, canvas, image } = await openReady(browser);
  await canvas.click(0.5, 0.5);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await saved(page);
  const [first] = await stored(page, image);

  await page.keyboard.press("v");
  await canvas.click(0.5, 0.5);
  await page.keyboard.press("s");
  await expect(page.getByRole("banner").getByText("Refining Owl 1")).toBeVisible();
  await canvas.click(0.52, 0.6);
  await answered(page, 3);
  await page.keyboard.press("Escape");
  await saved(page);
  // A worker may have looked at it meanwhile; what was drawn is what it was.
  const { confidence, doubts, ...drawn } = first as typeof first & { confidence: number; doubts: unknown };
  expect(await stored(page, image)).toMatchObject([drawn]);

  // Beside the mask, so that every reading adds something to it.
  await canvas.click(0.63, 0.35);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await undoes(page, "refinement of Owl 1");
  await saved(page);
  const [refined] = await stored(page, image);
  expect(refined).toMatchObject({ kind: "mask", source: "sam", version: 2 });
  expect(refined?.prompts.map(({ mask }) => mask)).toEqual([false, true]);

  await page.keyboard.press("Control+z");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([
    { area: first?.area, prompts: first?.prompts, predicted_iou: first?.predicted_iou },
  ]);
});

test("brush and eraser make a mask and edit it in place, one entry a stroke", async ({ browser }) => {
  const { page, canvas, image } = await openReady(browser);
  await page.keyboard.press("b");
  await canvas.drag([0.3, 0.3], [0.5, 0.3]);
  await saved(page);
  const [drawn] = await stored(page, image);
  expect(drawn).toMatchObject({ kind: "mask", source: "brush", predicted_iou: null });

  await expect(page.getByRole("banner").getByText("Painting Owl 1")).toBeVisible();
  await page.keyboard.press("]");
  await expect(page.getByText("size 29 px")).toBeVisible();
  await canvas.drag([0.3, 0.4], [0.5, 0.4]);
  await undoes(page, "brush stroke on Owl 1");
  await page.keyboard.down("Shift");
  await canvas.click(0.5, 0.6);
  await page.keyboard.up("Shift");
  await saved(page);
  const [grown] = await stored(page, image);
  expect(grown?.area).toBeGreaterThan(2 * (drawn?.area ?? 0));

  await page.keyboard.press("e");
  await canvas.drag([0.3, 0.4], [0.6, 0.4]);
  await undoes(page, "eraser stroke on Owl 1");
  await saved(page);
  const [erased] = await stored(page, image);
  expect(erased?.area).toBeLessThan(grown?.area ?? 0);

  await page.keyboard.press("Enter");
  await page.keyboard.press("b");
  await canvas.drag([0.7, 0.7], [0.8, 0.7]);
  await expect(object(page, "Owl 2")).toBeVisible();
  for (let i = 0; i < 5; i++) await page.keyboard.press("Control+z");
  await saved(page);
  expect(await stored(page, image)).toEqual([]);
});

test("a box is drawn, moved, resized, and becomes a mask by SAM", async ({ browser }) => {
  const { page, canvas, image } = await openReady(browser);
  await page.keyboard.press("r");
  await canvas.drag([0.3, 0.2], [0.6, 0.8]);
  await undoes(page, "new Owl");
  await page.keyboard.press("v");
  await canvas.drag([0.45, 0.5], [0.5, 0.5]);
  await undoes(page, "move of Owl 1");
  await canvas.drag([0.65, 0.8], [0.7, 0.9]);
  await undoes(page, "resize of Owl 1");
  await saved(page);
  const [box] = await stored(page, image);
  expect(box).toMatchObject({ kind: "box", source: "box" });
  const [x, y, w, h] = box?.bbox ?? [0, 0, 0, 0];
  for (const [value, fraction] of [
    [x / OWL.width, 0.35],
    [y / OWL.height, 0.2],
    [w / OWL.width, 0.35],
    [h / OWL.height, 0.7],
  ] as const)
    expect(value).toBeCloseTo(fraction, 1);

  await page.keyboard.press("t");
  await answered(page, 3);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await undoes(page, "mask from Owl 1");
  await saved(page);
  const [mask] = await stored(page, image);
  expect(mask).toMatchObject({ kind: "mask", source: "sam", prompts: [{ box: [x, y, x + w, y + h] }] });
  await page.keyboard.press("Control+z");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([{ kind: "box", source: "box", bbox: [x, y, w, h] }]);
});

test("a polygon is drawn, and its points are moved, added and deleted", async ({ browser }) => {
  const { page, canvas, image } = await openReady(browser);
  const points = async () => (await stored(page, image))[0]?.polygon?.[0]?.[0]?.length;
  await page.keyboard.press("p");
  await canvas.click(0.3, 0.3);
  await canvas.click(0.6, 0.3);
  await canvas.click(0.9, 0.9);
  await page.keyboard.press("Backspace");
  await canvas.click(0.6, 0.7);
  await canvas.click(0.3, 0.7);
  await canvas.click(0.3, 0.3);
  await undoes(page, "new Owl");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([{ kind: "polygon", source: "polygon" }]);
  expect(await points()).toBe(8);

  await page.keyboard.press("v");
  await canvas.drag([0.6, 0.7], [0.7, 0.8]);
  await undoes(page, "point move on Owl 1");
  await canvas.drag([0.45, 0.3], [0.45, 0.2]);
  await undoes(page, "new point on Owl 1");
  await saved(page);
  expect(await points()).toBe(10);
  await canvas.click(0.45, 0.2);
  await page.keyboard.press("Delete");
  await undoes(page, "point deletion on Owl 1");
  await saved(page);
  expect(await points()).toBe(8);
  await page.keyboard.press("Escape");
  await page.keyboard.press("p");
  await canvas.click(0.1, 0.1);
  await canvas.click(0.2, 0.1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await saved(page);
  expect(await stored(page, image)).toHaveLength(1);
});

test("several objects are selected and changed together, and masks are merged, split and cut", async ({ browser }) => {
  const { page, canvas, image } = await openReady(browser);
  const areas = async () => (await stored(page, image)).map(({ area }) => area);
  await page.keyboard.press("b");
  await canvas.drag([0.2, 0.3], [0.4, 0.3]);
  await page.keyboard.press("Enter");
  await canvas.drag([0.2, 0.6], [0.4, 0.6]);
  await page.keyboard.press("Enter");
  await page.keyboard.press("v");
  await canvas.drag([0.1, 0.1], [0.6, 0.8]);
  await expect(page.getByRole("heading", { name: "2 selected" })).toBeVisible();
  await page.keyboard.press("2");
  await undoes(page, "class of 2 objects");
  await expect(object(page, "Branch 2")).toBeVisible();

  await page.getByRole("button", { name: "Merge what is selected into the first" }).click();
  await undoes(page, "merge of 2 objects");
  await saved(page);
  expect(await areas()).toHaveLength(1);
  await page.keyboard.press("Shift+S");
  await undoes(page, "split of Branch 1");
  await saved(page);
  expect(await areas()).toHaveLength(2);

  await page.keyboard.press("Escape");
  await canvas.click(0.3, 0.3);
  await page.keyboard.press("l");
  await page.keyboard.press("Delete");
  await expect(page.getByText(/locked\. Press L/)).toBeVisible();
  await page.keyboard.press("l");
  await page.keyboard.press("Escape");
  await canvas.click(0.3, 0.3);
  await page.keyboard.down("Shift");
  await canvas.click(0.3, 0.6);
  await page.keyboard.up("Shift");
  await page.keyboard.press("Delete");
  await undoes(page, "deletion of 2 objects");
  await saved(page);
  expect(await areas()).toEqual([]);
  await page.keyboard.press("Control+z");
  await saved(page);
  expect(await areas()).toHaveLength(2);
});

test("a ring is filled, and the eraser's leftovers are removed", async ({ browser }) => {
  const { page, canvas, image } = await openReady(browser);
  const area = async () => (await stored(page, image))[0]?.area ?? 0;
  await page.keyboard.press("b");
  await canvas.drag([0.3, 0.3], [0.6, 0.3]);
  await page.keyboard.down("Shift");
  for (const [x, y] of [
    [0.6, 0.6],
    [0.3, 0.6],
    [0.3, 0.3],
  ] as const)
    await canvas.click(x, y);
  await page.keyboard.up("Shift");
  await saved(page);
  const ring = await area();
  await page.keyboard.press("Shift+F");
  await undoes(page, "filling of holes in Owl 1");
  await saved(page);
  const filled = await area();
  expect(filled).toBeGreaterThan(1.5 * ring);

  await page.keyboard.press("e");
  await canvas.drag([0.32, 0.2], [0.32, 0.7]);
  await page.keyboard.press("Shift+K");
  await undoes(page, "removal of smaller parts from Owl 1");
  await saved(page);
  expect(await area()).toBeLessThan(filled);
});
