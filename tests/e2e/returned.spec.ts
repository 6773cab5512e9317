import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { saved } from "./canvas";
import { openImage } from "./desk";
import { logIn, MANAGER } from "./people";
import { test } from "./test";
import { makeWaiting } from "./waiting";

const post = (page: Page, path: string, body: object): Promise<void> =>
  page.evaluate(
    async ({ path, body }) => {
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const headers = { "X-CSRFToken": csrf, "Content-Type": "application/json" };
      const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    { path, body },
  );

const imageState = (page: Page, image: string): Promise<string> =>
  page.evaluate(async (id) => (await (await fetch(`/api/v1/images/${id}`)).json()).assignment.state, image);

test("what came back is gone through by keys, mended in its place, and handed in again", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const { images, masks } = await makeWaiting(page, ["owl"], ["Animal"], 4);
  const [image = ""] = images;
  const [first = "", second = "", ...others] = masks;
  const rejected = { verdict: "rejected", version: 1 };
  await post(page, `/annotations/${first}/verdicts`, {
    ...rejected,
    reason: "Rough edge",
    comment: "The ear is cut off",
  });
  await post(page, `/annotations/${second}/verdicts`, { ...rejected, reason: "Wrong object" });
  for (const other of others) await post(page, `/annotations/${other}/verdicts`, { verdict: "accepted", version: 1 });
  const missing = { kind: "missing", text: "A second owl", x: 900, y: 100 };
  await post(page, `/images/${image}/comments`, { id: crypto.randomUUID(), ...missing });

  await openImage(page, image);
  const banner = page.getByRole("status").filter({ hasText: /came back|mended/ });
  await expect(banner).toContainText("3 came back");
  await page.keyboard.press("j");
  await expect(banner).toContainText("rough edge");
  await expect(banner).toContainText("The ear is cut off");
  await expect(banner).toContainText(MANAGER.name);
  await page.keyboard.press("Shift+J");
  await expect(banner).toContainText("An object is missing here");
  await page.keyboard.press("Escape");
  expect(await serious(page)).toEqual([]);

  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").filter({ hasText: "Fix, delete or dispute them" })).toBeVisible();
  await expect(banner).toContainText("The ear is cut off");
  await page.keyboard.press("ArrowRight");
  await expect(banner).toContainText("1 of 3 mended");
  await page.keyboard.press("j");
  await expect(banner).toContainText("wrong object");
  await page.keyboard.press("Delete");
  await expect(banner).toContainText("2 of 3 mended");
  await saved(page);

  await page.keyboard.press("j");
  await page.getByRole("button", { name: "Resolve" }).click();
  await expect(banner).toContainText("All 3 that came back are mended");
  await page.getByRole("application").focus();
  await page.keyboard.press("Control+Enter");
  await expect.poll(() => imageState(page, image)).toBe("submitted");
});

test("a rejection is answered that the object is right, and what was missing is resolved with a key once it is drawn", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const { project, images, masks } = await makeWaiting(page, ["owl"], ["Animal"], 4);
  const [image = ""] = images;
  const [first = "", ...others] = masks;
  await post(page, `/annotations/${first}/verdicts`, { verdict: "rejected", version: 1, reason: "Rough edge" });
  for (const other of others) await post(page, `/annotations/${other}/verdicts`, { verdict: "accepted", version: 1 });
  const missing = { kind: "missing", text: "A second owl", x: 512, y: 340 };
  await post(page, `/images/${image}/comments`, { id: crypto.randomUUID(), ...missing });
  const { canvas } = await openImage(page, image);

  await test.step("drawn where one was missing", async () => {
    await page.keyboard.press("r");
    await canvas.drag([0.47, 0.45], [0.53, 0.55]);
    const offer = page.getByRole("status").filter({ hasText: "the object that was missing here?" });
    await expect(offer).toBeVisible();
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press("Shift+C");
    await expect(offer).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^Missing object 1, by/ })).toHaveCount(0);
    await page.keyboard.press("Control+z");
    await saved(page);
  });

  await test.step("disputed by keys, with a reason", async () => {
    await page.keyboard.press("j");
    await page.keyboard.press("Shift+Y");
    await expect(page.getByRole("textbox", { name: "Why it is right (optional)" })).toBeFocused();
    await page.keyboard.type("The feathers are like that.");
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByText(/sent back to review unchanged. Nobody else can review it/)).toBeVisible();
    await expect.poll(() => imageState(page, image)).toBe("submitted");
  });

  await test.step("found and judged as disputed", async () => {
    await page.goto(`/projects/${project}/review`);
    await page.getByRole("button", { name: "Sent back" }).click();
    await page.getByRole("menuitem", { name: "Disputed" }).click();
    await expect(page).toHaveURL(/resubmission=disputed/);
    const panel = page.getByRole("complementary", { name: "The mask to be judged" });
    await expect(panel).toContainText("its annotator thinks it is right");
    await expect(panel).toContainText("The feathers are like that.");
  });
});
