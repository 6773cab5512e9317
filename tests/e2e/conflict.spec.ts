import { type Browser, expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { type Desk, open, openImage, undoes } from "./desk";
import { stored } from "./made";
import { newTab } from "./people";
import { test } from "./test";
import { CHANGES, cut, drawBox, isSaved, onTheObject } from "./unsaved";

const conflict = (page: Page) => page.getByRole("region", { name: "Somebody else changed the same" });
const choose = (page: Page, name: string) => conflict(page).getByRole("button", { name }).click();

/** The owl with one object, which this tab changes by one key while it is cut off, and another by `theirs`. */
async function twoChange(browser: Browser, mine: string, theirs: string): Promise<Desk> {
  const desk = await open(browser);
  const { page, image } = desk;
  await drawBox(desk);
  await isSaved(page);
  const other = await openImage(await newTab(page.context()), image);
  await cut(page);
  await onTheObject(page, mine);
  await onTheObject(other.page, theirs);
  await isSaved(other.page);
  await other.page.close();
  await page.unroute(CHANGES);
  await expect(conflict(page)).toBeVisible();
  return desk;
}

const boxes = async ({ page, image }: Desk) => (await stored(page, image)).map(({ bbox }) => bbox);

test("both versions of an object that two changed are shown, and theirs is taken", async ({ browser }) => {
  const desk = await twoChange(browser, "Shift+ArrowRight", "Shift+ArrowDown");
  const { page } = desk;
  await expect(conflict(page)).toContainText("changed this object while you edited it");
  await expect(conflict(page)).toContainText(/IoU 0\.\d+.*px only theirs/);
  expect(await serious(page)).toEqual([]);
  const theirs = await boxes(desk);
  await choose(page, "Take theirs");
  await undoes(page, "choice of their Owl 1");
  await isSaved(page);
  expect(await boxes(desk)).toEqual(theirs);
  // Ours is one undo away, and saved then.
  await page.keyboard.press("Control+z");
  await expect.poll(() => boxes(desk)).not.toEqual(theirs);
});

test("whoever keeps both has two objects on the server, theirs as it was and mine beside it", async ({ browser }) => {
  const desk = await twoChange(browser, "Shift+ArrowRight", "Shift+ArrowDown");
  const { page } = desk;
  const [[x, y, w, h] = []] = await boxes(desk);
  await choose(page, "Keep both");
  await undoes(page, "choice of both versions of Owl 1");
  await isSaved(page);
  await expect.poll(() => boxes(desk)).toHaveLength(2);
  const [theirs, mine] = await boxes(desk);
  expect(theirs).toEqual([x, y, w, h]);
  expect(mine?.slice(2)).toEqual([w, h]);
  expect(mine?.[0]).toBeGreaterThan(x ?? 0);
  expect(mine?.[1]).toBeLessThan(y ?? 0);
});

test("what somebody deleted while I changed it is brought back as I have it, if I keep mine", async ({ browser }) => {
  const desk = await twoChange(browser, "Shift+ArrowRight", "Delete");
  const { page } = desk;
  await expect(conflict(page)).toContainText("deleted");
  await expect(conflict(page).getByRole("button", { name: "Keep both" })).toHaveCount(0);
  expect(await serious(page)).toEqual([]);
  expect(await boxes(desk)).toEqual([]);
  await choose(page, "Keep mine");
  await isSaved(page);
  await expect.poll(() => boxes(desk)).toHaveLength(1);
});

test("what somebody deleted while I changed it is gone, if I let it go, and one undo brings it back", async ({
  browser,
}) => {
  const desk = await twoChange(browser, "Shift+ArrowRight", "Delete");
  const { page } = desk;
  await choose(page, "Let it go");
  await isSaved(page);
  expect(await boxes(desk)).toEqual([]);
  await page.keyboard.press("Control+z");
  await expect.poll(() => boxes(desk)).toHaveLength(1);
});
