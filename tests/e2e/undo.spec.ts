import { expect, type Page } from "@playwright/test";
import { saved } from "./canvas";
import { OWL, open, openImage, undoes } from "./desk";
import { makeImages, stored } from "./made";
import { logIn, MANAGER, newTab } from "./people";
import { test } from "./test";
import { drawBox, isSaved } from "./unsaved";

/** More than any list of steps that somebody might have thought long enough. */
const NUDGES = 120;
const STROKES: [number, number][] = [
  [0.6, 0.5],
  [0.6, 0.6],
  [0.6, 0.7],
];

const undo = (page: Page) => page.keyboard.press("Control+z");
const noUndo = (page: Page) => expect(page.getByRole("button", { name: /^Undo/ })).toBeDisabled();

test("every step of a visit can be undone after it was saved, and redone, which is saved as well", async ({
  browser,
}) => {
  const desk = await open(browser);
  const { page, canvas, image } = desk;
  await drawBox(desk);
  for (const press of ["v", "Escape", "Tab"]) await page.keyboard.press(press);
  for (let n = 0; n < NUDGES; n++) await page.keyboard.press(n < NUDGES / 2 ? "ArrowRight" : "ArrowDown");
  await saved(page);
  await page.keyboard.press("b");
  await page.keyboard.press("Escape");
  for (const [x, y] of STROKES) await canvas.drag([x, y], [x + 0.1, y]);
  await undoes(page, "brush stroke on Owl 2");
  await isSaved(page);
  const made = await stored(page, image);
  expect(made).toHaveLength(2);

  let steps = 0;
  for (; !(await page.getByRole("button", { name: /^Undo/ }).isDisabled()); steps++) await undo(page);
  expect(steps).toBe(1 + NUDGES + STROKES.length);
  await isSaved(page);
  expect(await stored(page, image)).toEqual([]);
  for (; steps > 0; steps--) await page.keyboard.press("Control+Shift+z");
  await isSaved(page);
  const shapes = (list: typeof made) => list.map(({ kind, bbox, area }) => ({ kind, bbox, area }));
  expect(shapes(await stored(page, image))).toEqual(shapes(made));
});

test("undo touches neither what somebody else made meanwhile nor another image", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const [first = "", second = ""] = await makeImages(page, ["owl", "duck"], ["Owl"]);
  const desk = await openImage(page, first);
  await drawBox(desk);
  await isSaved(page);
  const other = await openImage(await newTab(page.context()), first);
  await other.page.keyboard.press("r");
  await other.canvas.drag([0.6, 0.6], [0.8, 0.8]);
  await isSaved(other.page);
  await other.page.close();
  await expect(page.getByRole("button", { name: "Objects 2" })).toBeVisible();
  const [, theirs] = await stored(page, first);
  await undo(page);
  await noUndo(page);
  await undo(page);
  await isSaved(page);
  expect(await stored(page, first)).toEqual([theirs]);

  // The next image has a history of its own.
  await page.keyboard.press("Control+Shift+z");
  await isSaved(page);
  const left = await stored(page, first);
  await page.keyboard.press("f");
  await expect(page.getByRole("heading", { level: 1, name: "duck.jpg" })).toBeVisible();
  await noUndo(page);
  await undo(page);
  await page.keyboard.press("r");
  const { x, y } = await desk.canvas.at(0.4, 0.4);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + OWL.width / 20, y + 60, { steps: 3 });
  await page.mouse.up();
  await isSaved(page);
  expect(await stored(page, second)).toHaveLength(1);
  await undo(page);
  await undo(page);
  await noUndo(page);
  await expect.poll(() => stored(page, second)).toEqual([]);
  expect(await stored(page, first)).toEqual(left);
});
