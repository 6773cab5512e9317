import { expect, type Page, type Route } from "@playwright/test";
import { answered, candidates, saved } from "./canvas";
import { type Desk, embedded, object, openImage, openReady, undoes } from "./desk";
import { makeImage, type NewClass, stored } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

/** Places on the photograph, as fractions of it. */
const OWL_BODY = [0.65, 0.5] as const;
const BRANCH = [0.42, 0.7] as const;
const TWIG = [0.25, 0.5] as const;
const SKY = [0.1, 0.1] as const;

const hint = (page: Page) => page.getByRole("contentinfo");
const tool = (page: Page, name: string) =>
  page.getByRole("toolbar", { name: "Tools" }).getByRole("button", { name, exact: true });
const classRow = (page: Page, name: string) =>
  page.getByRole("region", { name: "Classes" }).getByRole("button", { name: new RegExp(`\\b${name} \\d+$`) });

test("after a click on a class, a tool, a row, a slider or a radio the keys are the canvas's again", async ({
  browser,
}) => {
  const { page, canvas, image } = await openReady(browser);
  await canvas.click(...OWL_BODY);
  await answered(page, 3);
  await classRow(page, "Branch").click();
  const options = candidates(page).getByRole("option");
  const preselected = await options.evaluateAll((all) => all.findIndex(({ ariaSelected }) => ariaSelected === "true"));
  await page.keyboard.press("Tab");
  await expect(options.nth((preselected + 1) % 3)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await undoes(page, "new Branch");

  await object(page, "Branch 1").click();
  await object(page, "Branch 1").click();
  await tool(page, "Select").click();
  await tool(page, "Segment with SAM").click();
  await canvas.click(...BRANCH);
  await answered(page, 3);
  await page.getByRole("button", { name: "Light, masks and colours" }).click();
  const look = page.getByRole("dialog", { name: "View" });
  const slider = await look.getByLabel("Mask opacity").boundingBox();
  await page.mouse.move(slider!.x + slider!.width / 2, slider!.y + slider!.height / 2);
  await page.mouse.down();
  await page.mouse.move(slider!.x + slider!.width, slider!.y + 60, { steps: 4 });
  await page.mouse.up();
  await look.getByText("object", { exact: true }).click();
  await expect(look.getByRole("radio", { name: "object" })).toBeChecked();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Objects 2" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(look).toHaveCount(0);

  // A control that was reached by keys keeps the focus.
  await classRow(page, "Owl").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("banner").getByText("Owl", { exact: true })).toBeVisible();
  await expect(classRow(page, "Owl")).toBeFocused();
  await saved(page);
  expect(await stored(page, image)).toHaveLength(2);
});

test("a click right after a dialog was closed reaches the image", async ({ browser }) => {
  const { page, canvas } = await openReady(browser);
  const { x, y } = await canvas.at(...OWL_BODY);
  await page.mouse.move(x, y);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.mouse.down();
  await page.mouse.up();
  await answered(page, 3);
});

/** Lets predictions through only one by one, by their number; those after `count` pass by themselves. */
async function heldPredictions(page: Page, count: number) {
  const held: Route[] = [];
  let seen = 0;
  await page.route(/\/predict$/, (route) => (seen++ < count ? void held.push(route) : route.continue()));
  const asked = (n: number) => expect.poll(() => held.length).toBe(n);
  return { asked, let: (n: number) => held[n]?.continue(), fail: (n: number) => held[n]?.abort("connectionrefused") };
}

test("Enter before the answer keeps it when it comes, and the next click begins the next object", async ({
  browser,
}) => {
  const { page, canvas, image } = await openReady(browser);
  const predictions = await heldPredictions(page, 4);
  await canvas.click(...OWL_BODY);
  await page.keyboard.press("Enter");
  await page.keyboard.press("2");
  await canvas.click(...BRANCH);
  await page.keyboard.press("Enter");
  await predictions.asked(2);
  await predictions.let(1);
  await expect(object(page, "Branch 1")).toBeVisible();
  await predictions.let(0);
  await expect(object(page, "Owl 2")).toBeVisible();
  await undoes(page, "new Owl");
  await saved(page);
  expect((await stored(page, image)).map(({ prompts }) => prompts)).toMatchObject([
    [{ points: [{ label: 1 }] }],
    [{ points: [{ label: 1 }] }],
  ]);

  // Which one could not be kept is said, also to those who have gone on.
  await canvas.click(...SKY);
  await page.keyboard.press("Enter");
  await canvas.click(...TWIG);
  await predictions.asked(4);
  await predictions.fail(2);
  await expect(page.getByText(/The object was not kept/)).toBeVisible();
  await predictions.let(3);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Objects 3" })).toBeVisible();
  await expect(page.getByText(/The object was not kept/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText(/The object was not kept/)).toBeHidden();
});

test("a click far from the selected object begins another one, a near one refines it, and the hint tells before", async ({
  browser,
}) => {
  const { page, canvas } = await openReady(browser);
  const point = async (fx: number, fy: number) => {
    const { x, y } = await canvas.at(fx, fy);
    await page.mouse.move(x, y);
  };
  await canvas.click(...OWL_BODY);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await page.keyboard.press("v");
  await canvas.click(...OWL_BODY);
  await page.keyboard.press("s");
  await expect(hint(page)).toContainText("click refines Owl 1");
  await point(...BRANCH);
  await expect(hint(page)).toContainText("click begins a new object · Shift click adds to Owl 1");
  await expect(page.getByRole("banner").getByText("New objects:")).toBeVisible();
  await canvas.click(...BRANCH);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await undoes(page, "new Owl");

  await object(page, "Owl 1").click();
  await page.keyboard.down("Shift");
  await canvas.click(...BRANCH);
  await page.keyboard.up("Shift");
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await undoes(page, "refinement of Owl 1");
  await canvas.click(...SKY, "right");
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await undoes(page, "refinement of Owl 1");
});

test("what was kept stays selected for brush and eraser, which Tab leaves in use", async ({ browser }) => {
  const { page, canvas } = await openReady(browser);
  await canvas.click(...OWL_BODY);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await page.keyboard.press("b");
  await canvas.drag([0.1, 0.95], [0.2, 0.95]);
  await undoes(page, "brush stroke on Owl 1");
  await page.keyboard.press("Enter");
  await canvas.drag([0.3, 0.95], [0.4, 0.95]);
  await expect(object(page, "Owl 2")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(tool(page, "Brush")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("banner").getByText("Painting Owl 1")).toBeVisible();
  await page.keyboard.press("e");
  await canvas.drag([0.1, 0.95], [0.2, 0.95]);
  await undoes(page, "eraser stroke on Owl 1");
  await page.keyboard.press("Tab");
  await expect(tool(page, "Eraser")).toHaveAttribute("aria-pressed", "true");
});

const PLUMAGE = { id: "plumage", name: "Plumage", kind: "choice", choices: ["white", "brown"], required: true };
const WITH_PLUMAGE: NewClass = { name: "Owl", attributes: [PLUMAGE] };

async function openAttributed(page: Page): Promise<Desk> {
  const desk = await openImage(page, await makeImage(page, "owl", [WITH_PLUMAGE, "Branch"]));
  await embedded(page);
  return desk;
}

test("a required attribute is asked for after Enter, answered by one digit, or left for later", async ({ browser }) => {
  const { page, canvas, image } = await openAttributed(await logIn(browser, MANAGER));
  const prompt = page.getByRole("region", { name: /^Plumage of Owl/ });
  await canvas.click(...OWL_BODY);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await expect(prompt).toContainText("Plumage of Owl 1?");
  await page.keyboard.press("2");
  await undoes(page, "Plumage of Owl 1");
  await expect(prompt).toHaveCount(0);

  await canvas.click(...BRANCH);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await expect(prompt).toBeVisible();
  // The next click leaves it for later and is a click like any other.
  await canvas.click(...SKY);
  await expect(prompt).toHaveCount(0);
  await answered(page, 3);
  await page.keyboard.press("Enter");
  await expect(prompt).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(prompt).toHaveCount(0);

  // The attribute that was left for later is set on both objects at once.
  await object(page, "Owl 2").click();
  await page.keyboard.down("Shift");
  await object(page, "Owl 3").click();
  await page.keyboard.up("Shift");
  await page.keyboard.press("a");
  await page.keyboard.press("1");
  await undoes(page, "Plumage of 2 objects");
  await page.keyboard.press("Escape");
  await saved(page);
  expect((await stored(page, image)).map(({ attributes }) => attributes["plumage"])).toEqual([
    "brown",
    "white",
    "white",
  ]);
  await page.keyboard.press("2");
  await undoes(page, "class of 2 objects");
});
