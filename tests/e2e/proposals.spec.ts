import { type Browser, expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { Canvas, saved } from "./canvas";
import { makeImage, stored } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

const HORSE = { width: 1024, height: 664 };

interface Proposal {
  area: number;
  bbox: [number, number, number, number];
  predicted_iou: number;
  stability_score: number;
  point_coords: [number, number][];
  level: number;
}

interface Desk {
  page: Page;
  canvas: Canvas;
  image: string;
  proposals: Proposal[];
}

/** The horse in the editor with the proposals' tool in hand, in a project of its own. */
async function open(browser: Browser): Promise<Desk> {
  const page = await logIn(browser, MANAGER);
  const image = await makeImage(page, "horse", ["Horse", "Ground"]);
  await turn(page, image, { enabled: true });
  await show(page, image);
  await page.keyboard.press("g");
  // Whoever takes the tool before the worker is done sees them come.
  await expect(bar(page).getByRole("button", { name: /^Whole [1-9]/ })).toBeVisible({ timeout: 120_000 });
  const { proposals } = await page.evaluate(
    async (id) => (await fetch(`/api/v1/images/${id}/proposals`)).json(),
    image,
  );
  return { page, canvas: new Canvas(page, HORSE), image, proposals };
}

/** Changes the project's settings for proposals, as its manager. */
const turn = (page: Page, image: string, proposals: object) =>
  page.evaluate(
    async ([id, proposals]) => {
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const { project } = await (await fetch(`/api/v1/images/${id}`)).json();
      const { version } = await (await fetch(`/api/v1/projects/${project}`)).json();
      const headers = { "X-CSRFToken": csrf, "Content-Type": "application/json", "If-Match": String(version) };
      await fetch(`/api/v1/projects/${project}`, { method: "PATCH", headers, body: JSON.stringify({ proposals }) });
    },
    [image, proposals] as const,
  );

async function show(page: Page, image: string): Promise<void> {
  await page.goto(`/images/${image}`);
  await expect(page.getByRole("application")).toBeVisible();
  await expect(page.getByLabel("Loading the photograph")).toHaveCount(0);
}

const bar = (page: Page) => page.getByRole("region", { name: "Proposals" });
const level = (page: Page, name: string) => bar(page).getByRole("button", { name: new RegExp(`^${name} `) });
const shows = (page: Page, name: string, count: number) => expect(level(page, name)).toHaveText(`${name} ${count}`);
const undoes = (page: Page, what: string) =>
  expect(page.getByRole("button", { name: `Undo ${what}`, exact: true })).toBeVisible();

const at = ([x, y]: [number, number]): [number, number] => [x / HORSE.width, y / HORSE.height];

test("proposals are accepted by click, by drag and by keys, and undo offers them again", async ({ browser }) => {
  const { page, canvas, image, proposals } = await open(browser);
  const wholes = proposals.filter((proposal) => proposal.level === 0);
  await shows(page, "Whole", wholes.length);
  const smallest = wholes.reduce((best, one) => (one.area < best.area ? one : best));
  const place = at(smallest.point_coords[0] ?? [0, 0]);

  await page.keyboard.press("2");
  const { x, y } = await canvas.at(...place);
  await page.mouse.move(x, y);
  await expect(page.getByText(/^Proposal \d+ of \d+, score/)).toBeAttached();
  await canvas.click(...place);
  await undoes(page, "acceptance of a proposal");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([
    {
      kind: "mask",
      source: "proposal",
      area: smallest.area,
      bbox: smallest.bbox,
      predicted_iou: Math.min(smallest.predicted_iou, 1),
      stability_score: smallest.stability_score,
    },
  ]);
  await expect(page.getByRole("button", { name: /^Ground 1\b/ })).toBeVisible();
  await shows(page, "Whole", wholes.length - 1);

  await page.keyboard.press("1");
  await canvas.drag([0.001, 0.001], [0.999, 0.999]);
  await undoes(page, `acceptance of ${wholes.length - 1} proposals`);
  await shows(page, "Whole", 0);
  await saved(page);
  expect(await stored(page, image)).toHaveLength(wholes.length);
  // All of them are accepted: a click says that there is none.
  await canvas.click(...place);
  await expect(page.getByText(/There is no proposal here|No proposal of this level/)).toBeVisible();
  await page.keyboard.press("Control+z");
  await shows(page, "Whole", wholes.length - 1);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await saved(page);
  expect(await stored(page, image)).toHaveLength(3);
  await page.reload();
  await expect(page.getByRole("button", { name: /^Horse \d+\b/ })).toHaveCount(2);
  await expect(page.getByLabel("Loading the photograph")).toHaveCount(0);
  await page.keyboard.press("g");
  await shows(page, "Whole", wholes.length - 3);
});

test("levels and sliders say which proposals are shown; a Shift drag accepts what it touches", async ({ browser }) => {
  const { page, canvas, image, proposals } = await open(browser);
  const wholes = proposals.filter((proposal) => proposal.level === 0);
  const parts = proposals.filter((proposal) => proposal.level === 1);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await serious(page), colorScheme).toEqual([]);
  }
  await page.keyboard.press(".");
  await expect(level(page, "Part")).toHaveAttribute("aria-pressed", "true");
  await shows(page, "Part", parts.length);
  await page.keyboard.press(",");

  const side = 60;
  await bar(page).getByRole("slider", { name: "Smallest" }).fill(String(side));
  const large = wholes.filter(({ area }) => area >= side * side);
  expect(large.length).toBeLessThan(wholes.length);
  await shows(page, "Whole", large.length);
  await page.getByRole("application").focus();

  await page.keyboard.down("Shift");
  await canvas.drag([0.02, 0.9], [0.98, 0.4]);
  await page.keyboard.up("Shift");
  await saved(page);
  const kept = await stored(page, image);
  expect(kept.length).toBeGreaterThan(1);
  expect(kept.every(({ area, source }) => source === "proposal" && area >= side * side)).toBe(true);
  await undoes(page, `acceptance of ${kept.length} proposals`);
});

test("a project without proposals says where a manager turns them on", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const image = await makeImage(page, "horse", ["Horse"]);
  await turn(page, image, { enabled: false });
  await show(page, image);
  await page.keyboard.press("g");
  await expect(bar(page)).toContainText("A manager turns them on");
  await bar(page).getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/settings$/);
});
