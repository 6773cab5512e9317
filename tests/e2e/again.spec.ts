import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { logIn, MANAGER } from "./people";
import { makeQueue, openReview } from "./queue";
import { test } from "./test";

test("what was sent back and came again stands beside the present one by one key", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const project = await makeQueue(page, ["owl"], ["Owl", "Branch"]);
  const mended = await sendBackAndMend(page, project);
  await openReview(page, project);
  const panel = page.getByRole("region", { name: "Before and after" });
  // Whichever place in the queue it has now.
  for (let at = 0; at < 2 && (await judged(page)) !== mended; at++) {
    const before = await judged(page);
    await page.keyboard.press("j");
    await expect.poll(() => judged(page)).not.toBe(before);
  }
  await expect(panel).toContainText(/sent it back: rough edge/);
  await expect(panel).toContainText("Class");
  await page.keyboard.press("b");
  const beside = page.getByRole("application", { name: "What was sent back" });
  await expect(beside).toBeVisible();
  await expect(page.getByText(/^Now\s*IoU 0\.\d{3}/)).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("b");
  await expect(beside).toBeHidden();
});

const judged = (page: Page) => page.locator("[data-judged-id]").getAttribute("data-judged-id");

/** The first of the queue, rejected, moved by some pixels, given another class and handed in again; answers its id. */
function sendBackAndMend(page: Page, project: string): Promise<string> {
  return page.evaluate(async (project) => {
    const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const send = async (method: string, path: string, body: unknown, version = 1) => {
      const headers = { "X-CSRFToken": csrf, "Content-Type": "application/json", "If-Match": `"${version}"` };
      const response = await fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      return response.json();
    };
    const get = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const { results } = await get(`/projects/${project}/review-queue`);
    const [first] = results;
    const classes = await get(`/projects/${project}/classes`);
    const verdict = { verdict: "rejected", reason: "Rough edge", version: 1 };
    await send("POST", `/annotations/${first.id}/verdicts`, verdict);
    const polygon = first.polygon.map((part: number[][]) =>
      part.map((ring) => ring.map((at, i) => at + (i % 2 ? 8 : 30))),
    );
    const other = classes.find(({ id }: { id: string }) => id !== first.class_id);
    await send("PATCH", `/annotations/${first.id}`, { polygon, class_id: other.id });
    for (const { id, image } of await get("/me/assignments"))
      if (image.id === first.image) await send("POST", `/assignments/${id}/submit`, {});
    return first.id as string;
  }, project);
}
