import { type Browser, expect, type Page } from "@playwright/test";
import { api, workOn } from "./api";
import { serious } from "./axe";
import { saved } from "./canvas";
import { object, openImage } from "./desk";
import { makeImages } from "./made";
import { acceptInvitation, logIn, MANAGER, newTab, type Person } from "./people";
import { test } from "./test";
import { makeWaiting, stateOf } from "./waiting";

const chip = (page: Page) => page.getByTestId("image-state");
const question = (page: Page) => page.getByRole("dialog", { name: "Nothing to label here?" });

/** Keys go to this image from here on. */
async function isOpen(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  await expect(page.getByRole("application")).toBeFocused();
}

/** Images of the manager's own. */
async function mine(page: Page, names: string[]): Promise<string[]> {
  const images = await makeImages(page, names, ["Animal"]);
  const { project } = await api<{ project: string }>(page, "GET", `/images/${images[0]}`);
  const { id } = await api<{ id: string }>(page, "GET", "/me");
  await api(page, "POST", `/projects/${project}/assignments`, { annotator: id, images });
  return images;
}

test("a second submit in haste asks first, and what was submitted is taken back by a key", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const [first = "", second = ""] = await mine(page, ["owl", "duck"]);
  const { canvas } = await openImage(page, first);
  await expect(chip(page)).toHaveText("New");
  await page.keyboard.press("r");
  await canvas.drag([0.3, 0.3], [0.5, 0.6]);
  await saved(page);
  await expect(chip(page)).toHaveText("In work");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("owl.jpg was submitted.")).toBeVisible();
  await isOpen(page, "duck.jpg");

  await page.keyboard.press("Control+Enter");
  await expect(question(page)).toBeVisible();
  await expect(page.getByRole("button", { name: "Nothing to label" })).toBeFocused();
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("Control+Enter");
  await expect(question(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question(page)).toBeHidden();
  expect(await workOn(page, second)).toMatchObject({ state: "open", nothing_to_label: false });

  await page.keyboard.press("Control+Shift+Enter");
  await isOpen(page, "owl.jpg");
  await expect(chip(page)).toHaveText("In work");
  expect(await workOn(page, first)).toMatchObject({ state: "open" });

  // Meant this time, and then that there is nothing on the other one.
  await page.keyboard.press("Control+Enter");
  await isOpen(page, "duck.jpg");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: "Nothing to label" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Done with duck.jpg" })).toBeVisible();
  expect(await serious(page)).toEqual([]);
  expect(await workOn(page, second)).toEqual({
    ...(await workOn(page, second)),
    state: "submitted",
    nothing_to_label: true,
    image_review: "nothing_to_label",
  });
});

test("what was drawn on a submitted image is submitted too", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const { images } = await makeWaiting(page, ["owl"], ["Animal"], 1);
  const { canvas } = await openImage(page, images[0] ?? "");
  await expect(chip(page)).toHaveText("Submitted");
  await page.keyboard.press("r");
  await canvas.drag([0.1, 0.1], [0.2, 0.3]);
  await expect(chip(page)).toHaveText("In work");
  await saved(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("owl.jpg was submitted.")).toBeVisible();
  const { annotation_counts } = await api<{ annotation_counts: object }>(page, "GET", `/images/${images[0]}`);
  expect(annotation_counts).toMatchObject({ draft: 0, submitted: 2 });
});

test("the stack changes no verdict, and deleting what was accepted says that it goes back to review", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const { images, masks } = await makeWaiting(page, ["owl"], ["Animal"], 4);
  for (const id of masks) await api(page, "POST", `/annotations/${id}/verdicts`, { verdict: "accepted", version: 1 });
  const [image = ""] = images;
  await reviewOwn(page, image, false);
  await openImage(page, image);
  await expect(chip(page)).toHaveText("Done");
  await expect(page.getByRole("img", { name: /^accepted by Mara/ })).toHaveCount(4);
  await object(page, "Animal 1").click();
  await page.getByRole("application").focus();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  await saved(page);
  for (const id of masks) expect(await stateOf(page, id)).toMatchObject({ state: "accepted", version: 1 });
  await expect(chip(page)).toHaveText("Done");

  await page.keyboard.press("Delete");
  await expect(page.getByRole("status").filter({ hasText: "You deleted an accepted object" })).toBeVisible();
  await saved(page);
  await expect.poll(() => workOn(page, image)).toMatchObject({ state: "submitted", image_review: "deleted" });
  await expect(chip(page)).toHaveText("In review");
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("Control+z");
  await saved(page);
  await expect.poll(() => workOn(page, image)).toMatchObject({ state: "done", image_review: "" });
  await expect(page.getByRole("img", { name: /^accepted by Mara/ })).toHaveCount(4);
});

/** Somebody new in the project, with this role. */
async function join(browser: Browser, page: Page, project: string, person: Person, role: string): Promise<Page> {
  const body = { email: person.email, roles: [role] };
  const { invite_url } = await api<{ invite_url: string }>(page, "POST", `/projects/${project}/members`, body);
  return acceptInvitation(browser, invite_url, person);
}

test("a reviewer accepts that there is nothing to label, and what one page held the next one gets at once", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const { project, images } = await makeWaiting(page, ["owl"], ["Animal"], 2);
  const [empty = ""] = await mine(page, ["duck"]);
  await reviewOwn(page, empty, true);
  const noa = { email: "noa@example.org", name: "Noa", password: "looks-at-everything" };
  const reviewer = await join(browser, page, project, noa, "reviewer");

  // Two masks, and both of them are held by the manager's page, which is closed then.
  const other = await newTab(page.context());
  await other.goto(`/projects/${project}/review`);
  await expect(other.getByRole("complementary", { name: "The mask to be judged" })).toBeVisible();
  await reviewer.goto(`/projects/${project}/review`);
  await expect(reviewer.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await other.close();
  await expect(async () => {
    await reviewer.getByRole("button", { name: "Look again" }).click();
    await expect(reviewer.getByRole("complementary", { name: "The mask to be judged" })).toBeVisible({ timeout: 1000 });
  }).toPass();
  // By a link inside the app as well.
  await reviewer.getByRole("navigation", { name: "Where you are" }).getByRole("link").first().click();
  await expect(reviewer.getByRole("heading", { name: "The owl" })).toBeVisible();
  await page.goto(`/projects/${project}/review`);
  await expect(page.getByRole("complementary", { name: "The mask to be judged" })).toBeVisible();
  expect(images).toHaveLength(1);

  await openImage(page, empty);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: "Nothing to label" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 image waits for review.")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/found nothing to label on this image/)).toBeVisible();
  await page.waitForTimeout(400);
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("a");
  await expect.poll(() => workOn(page, empty)).toMatchObject({ state: "done", nothing_to_label: true });
  await expect(page.getByText("✓ accepted")).toBeVisible();
  await page.keyboard.press("f");
  await expect(page.getByRole("heading", { name: "That was the last image" })).toBeVisible();
});

async function projectOf(page: Page, image: string): Promise<{ id: string; version: number }> {
  const { project } = await api<{ project: string }>(page, "GET", `/images/${image}`);
  return api(page, "GET", `/projects/${project}`);
}

/** Whether people may judge what they drew themselves. */
async function reviewOwn(page: Page, image: string, own: boolean): Promise<void> {
  const { id, version } = await projectOf(page, image);
  await api(page, "PATCH", `/projects/${id}`, { review: { own } }, version);
}

test("a manager assigns, undoes it, and removes a person without stranding their images", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const images = await mine(page, ["owl", "duck", "sheep"]);
  const { id: project } = await projectOf(page, images[0] ?? "");
  const tal = { email: "tal@example.org", name: "Tal", password: "labels-and-leaves" };
  const annotator = await join(browser, page, project, tal, "annotator");
  // One of them is submitted.
  const work = await api<{ id: string; image: { id: string } }[]>(page, "GET", "/me/assignments");
  const submitted = work.find(({ image }) => image.id === images[0]);
  await api(page, "POST", `/assignments/${submitted?.id}/submit`, { nothing_to_label: true });

  await page.goto(`/projects/${project}`);
  await page.getByLabel("Select all images").click();
  await page.getByRole("button", { name: "Assign to…" }).click();
  await page.getByRole("menuitem", { name: "tal" }).click();
  await expect(page.getByText(/2 images assigned to tal.* 1 submitted or finished image was left/)).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await expect(page.getByText("tal · open")).toHaveCount(2);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Mara Manager · open")).toHaveCount(2);

  await page.getByLabel("Select all images").click();
  await page.getByRole("button", { name: "Assign to…" }).click();
  await page.getByRole("menuitem", { name: "tal" }).click();
  await page.getByRole("button", { name: "Assign these too" }).last().click();
  await expect(page.getByText("tal · open")).toHaveCount(3);

  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "People" }).click();
  await page.getByRole("button", { name: /^Remove tal/ }).click();
  await expect(page.getByText("tal has 3 open images.")).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("tal was removed.")).toBeVisible();
  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Images" }).click();
  await page.getByRole("combobox", { name: "Assigned to" }).click();
  await page.getByRole("option", { name: "Nobody's" }).click();
  await expect(page).toHaveURL(/annotator=nobody/);
  await expect(page.getByText("unassigned", { exact: true })).toHaveCount(3);

  // For whoever labels here it says what there is to do.
  await annotator.goto("/");
  await expect(annotator.getByText(/You have no assigned images/)).toBeVisible();
});
