import { expect, type Page } from "@playwright/test";
import { answered, candidates, saved } from "./canvas";
import { embedded, OWL, object, open, openImage, undoes } from "./desk";
import { stored } from "./made";
import { test } from "./test";

test("a point of a prompt is moved, and taken away, and the model is asked anew", async ({ browser }) => {
  const { page, canvas } = await open(browser);
  await embedded(page);
  const asked: { points: { x: number; y: number }[]; logits: string | null }[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/predict")) asked.push(request.postDataJSON());
  });
  await canvas.click(0.5, 0.5);
  await answered(page, 3);
  await canvas.click(0.5, 0.7);
  await answered(page, 1);
  await canvas.drag([0.5, 0.7], [0.55, 0.4]);
  await expect.poll(() => asked.length).toBe(3);
  await answered(page, 1);
  expect(asked[2]?.logits).toBeNull();
  expect((asked[2]?.points[1]?.y ?? 0) / OWL.height).toBeCloseTo(0.4, 1);
  await page.keyboard.press("Delete");
  await expect.poll(() => asked.length).toBe(4);
  expect(asked[3]?.points).toHaveLength(1);
  await answered(page, 3);
});

test("masks are painted with a square, grown, shrunk and smoothed", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  const area = async () => (await stored(page, image))[0]?.area ?? 0;
  await page.keyboard.press("b");
  await page.keyboard.press("q");
  await expect(page.getByText("Q square")).toBeVisible();
  await canvas.click(0.5, 0.5);
  await saved(page);
  expect(await area()).toBe(24 * 24);
  await page.keyboard.press("}");
  await undoes(page, "growing of Owl 1");
  await saved(page);
  expect(await area()).toBe(24 * 24 + 4 * 24);
  await page.keyboard.press("{");
  await undoes(page, "shrinking of Owl 1");
  await page.keyboard.press("{");
  await saved(page);
  expect(await area()).toBe(22 * 22);
  await page.keyboard.press("o");
  await undoes(page, "smoothing of Owl 1");
  await saved(page);
  expect(await area()).toBeLessThan(22 * 22);
});

test("masks are moved by mouse and keys, ordered, shown alone, intersected and copied", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  await page.keyboard.press("b");
  await canvas.drag([0.3, 0.3], [0.5, 0.3]);
  await page.keyboard.press("Enter");
  await canvas.drag([0.45, 0.3], [0.6, 0.3]);
  await saved(page);
  const [low, top] = await stored(page, image);
  await page.keyboard.press("v");
  await page.keyboard.press("Escape");
  await canvas.click(0.35, 0.3);
  await canvas.drag([0.35, 0.3], [0.35, 0.5]);
  await undoes(page, "move of Owl 1");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowUp");
  await saved(page);
  const [moved] = await stored(page, image);
  expect(moved?.area).toBe(low?.area);
  expect((moved?.bbox[0] ?? 0) - (low?.bbox[0] ?? 0)).toBe(1);
  expect(((moved?.bbox[1] ?? 0) - (low?.bbox[1] ?? 0) + 10) / OWL.height).toBeCloseTo(0.2, 1);
  for (let i = 0; i < 3; i++) await page.keyboard.press("Control+z");

  await page.keyboard.press("PageUp");
  await undoes(page, "move of Owl 1 forward");
  await saved(page);
  expect((await stored(page, image)).map(({ area }) => area)).toEqual([top?.area, low?.area]);
  await page.keyboard.press("Shift+PageDown");
  await saved(page);
  expect((await stored(page, image)).map(({ area }) => area)).toEqual([low?.area, top?.area]);

  await page.keyboard.press("Shift+H");
  await expect(page.getByText("hidden")).toHaveCount(1);
  await page.keyboard.press("Shift+H");
  await expect(page.getByText("hidden")).toHaveCount(0);

  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await undoes(page, "paste of 1 object");
  await saved(page);
  expect(await stored(page, image)).toHaveLength(3);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Escape");
  await canvas.click(0.35, 0.3);
  await page.keyboard.down("Shift");
  await canvas.click(0.58, 0.3);
  await page.keyboard.up("Shift");
  await page.keyboard.press("i");
  await undoes(page, "intersection of Owl 1 with Owl 2");
  await saved(page);
  const [common] = await stored(page, image);
  expect(common?.area).toBeLessThan(low?.area ?? 0);
});

test("what was copied is pasted on another image at the same place", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  const other = await another(page, image);
  await openImage(page, image);
  await page.keyboard.press("r");
  await canvas.drag([0.3, 0.2], [0.6, 0.8]);
  await page.keyboard.press("v");
  await page.keyboard.press("Control+c");
  await saved(page);
  const [box] = await stored(page, image);
  await page.keyboard.press("f");
  await expect(page).toHaveURL(new RegExp(other));
  await expect(page.getByRole("heading", { name: "owl again.jpg" })).toBeVisible();
  await expect(page.getByRole("application")).toBeFocused();
  await page.keyboard.press("Control+v");
  await undoes(page, "paste of 1 object");
  await saved(page);
  expect(await stored(page, other)).toMatchObject([{ kind: "box", bbox: box?.bbox }]);
});

test("a polygon gets a part and a hole, becomes a mask, and a polygon again by tolerance", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  const polygon = async () => (await stored(page, image))[0]?.polygon?.map((rings) => rings.length);
  const triangle = async (x: number, y: number, size: number, key?: "Alt" | "Shift") => {
    if (key) await page.keyboard.down(key);
    await canvas.click(x, y);
    if (key) await page.keyboard.up(key);
    await canvas.click(x + size, y);
    await canvas.click(x + size, y + size);
    await page.keyboard.press("Enter");
  };
  await page.keyboard.press("p");
  await triangle(0.2, 0.2, 0.4);
  await triangle(0.7, 0.2, 0.2, "Shift");
  await undoes(page, "new part of Owl 1");
  await triangle(0.45, 0.25, 0.1, "Alt");
  await undoes(page, "hole in Owl 1");
  await saved(page);
  expect(await polygon()).toEqual([2, 1]);

  await page.keyboard.press("v");
  await page.keyboard.press("y");
  await undoes(page, "mask from Owl 1");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([{ kind: "mask", polygon: null }]);
  await page.keyboard.press("y");
  const panel = page.getByRole("region", { name: "Make a polygon" });
  const points = async () => Number(await panel.locator("output b").first().textContent());
  const before = await points();
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
  expect(await points()).toBeLessThanOrEqual(before);
  await expect(panel.getByText(/IoU 0\.9/)).toBeVisible();
  await page.keyboard.press("Enter");
  await undoes(page, "polygon from Owl 1");
  await saved(page);
  expect(await polygon()).toEqual([2, 1]);
});

test("a polygon is refined by SAM", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  await embedded(page);
  await page.keyboard.press("p");
  for (const [x, y] of [
    [0.4, 0.3],
    [0.6, 0.3],
    [0.6, 0.8],
    [0.4, 0.8],
  ] as const)
    await canvas.click(x, y);
  await page.keyboard.press("Enter");
  await page.keyboard.press("s");
  await expect(page.getByRole("banner").getByText("Refining Owl 1")).toBeVisible();
  await canvas.click(0.5, 0.5);
  await expect(candidates(page).getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await undoes(page, "refinement of Owl 1");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([{ kind: "mask", source: "sam" }]);
});

test("attributes are set up, said by keys, and asked for before an image is submitted", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  const project = await projectOf(page, image);
  await page.goto(`/projects/${project}/classes`);
  await page.getByRole("button", { name: "attributes of Owl" }).click();
  await page.getByRole("button", { name: "Add an attribute" }).click();
  await page.getByLabel("Name of the new attribute").fill("Plumage");
  await page.getByRole("combobox", { name: "Choices of Plumage" }).fill("white");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Choices of Plumage" }).fill("brown");
  await page.keyboard.press("Enter");
  await page.getByLabel("Required").check();
  await page.getByRole("button", { name: "Add an attribute" }).click();
  await page.getByLabel("Name of the new attribute").fill("Age");
  await page.getByLabel("Kind of Age").selectOption("Number");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "2 attributes of Owl" })).toBeVisible();

  await assignToMe(page, image);
  await openImage(page, image);
  await page.keyboard.press("r");
  await canvas.drag([0.3, 0.2], [0.6, 0.8]);
  await expect(object(page, "Owl 1")).toContainText("needs Plumage");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/Owl 1 needs Plumage.*press A/)).toBeVisible();
  await page.keyboard.press("a");
  await page.keyboard.press("2");
  await undoes(page, "Plumage of Owl 1");
  await expect(page.getByRole("button", { name: "2 brown" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("3.5");
  await page.keyboard.press("Escape");
  await saved(page);
  const [said] = await stored(page, image);
  expect(said?.attributes).toEqual({ plumage: "brown", age: 3.5 });
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: "Done with owl.jpg" })).toBeVisible();
});

test("a project of tags and masks that do not overlap offers only its tools and cuts new masks", async ({
  browser,
}) => {
  const { page, canvas, image } = await open(browser);
  const project = await projectOf(page, image);
  await page.goto(`/projects/${project}/settings`);
  await page.getByLabel("Polygons").uncheck();
  await page.getByLabel("Boxes").uncheck();
  await page.getByLabel("No overlap (existing masks keep their pixels)").check();
  await page.getByRole("button", { name: "Save" }).nth(1).click();
  await expect(page.getByText("The settings are saved.")).toBeVisible();

  await openImage(page, image);
  const rail = page.getByRole("toolbar", { name: "Tools" });
  await expect(rail.getByRole("button", { name: "Brush" })).toBeVisible();
  await expect(rail.getByRole("button", { name: "Polygon" })).toHaveCount(0);
  await expect(rail.getByRole("button", { name: "Box" })).toHaveCount(0);

  await page.keyboard.press("w");
  await page.keyboard.press("2");
  await undoes(page, "tag Branch");
  await saved(page);
  expect(await stored(page, image)).toMatchObject([{ kind: "tag" }]);
  await page.keyboard.press("2");
  await undoes(page, "removal of tag Branch");

  await page.keyboard.press("b");
  await canvas.drag([0.3, 0.3], [0.5, 0.3]);
  await page.keyboard.press("Enter");
  await canvas.drag([0.4, 0.3], [0.6, 0.3]);
  await saved(page);
  const [first, second] = await stored(page, image);
  expect(second?.bbox[0]).toBeGreaterThanOrEqual((first?.bbox[0] ?? 0) + (first?.bbox[2] ?? 0) - 13);
  expect(second?.area).toBeLessThan(first?.area ?? 0);
  await page.keyboard.press("Enter");
  await canvas.click(0.4, 0.3);
  await expect(page.getByText(/All of it belongs to other objects/)).toBeVisible();
});

const projectOf = (page: Page, image: string): Promise<string> =>
  page.evaluate(async (id) => (await (await fetch(`/api/v1/images/${id}`)).json()).project, image);

const assignToMe = (page: Page, image: string): Promise<void> =>
  page.evaluate(async (id) => {
    const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const [me, found] = await Promise.all(
      ["me", `images/${id}`].map(async (path) => (await fetch(`/api/v1/${path}`)).json()),
    );
    await fetch(`/api/v1/projects/${found.project}/assignments`, {
      method: "POST",
      headers: { "X-CSRFToken": csrf, "Content-Type": "application/json" },
      body: JSON.stringify({ annotator: me.id, images: [id] }),
    });
  }, image);

/** The same photograph with a few bytes behind it, which makes another image of it. */
const another = (page: Page, image: string): Promise<string> =>
  page.evaluate(async (id) => {
    const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const { project } = await (await fetch(`/api/v1/images/${id}`)).json();
    const photo = await (await fetch(`/api/v1/images/${id}/original`)).blob();
    const files = new FormData();
    files.append("files", new Blob([photo, "another"]), "owl again.jpg");
    const init = { method: "POST", headers: { "X-CSRFToken": csrf }, body: files };
    const { results } = await (await fetch(`/api/v1/projects/${project}/images`, init)).json();
    return results[0].image.id as string;
  }, image);
