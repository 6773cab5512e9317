import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { Canvas } from "./canvas";
import { OWL, open, openImage } from "./desk";
import { stored } from "./made";
import { acceptInvitation, newTab } from "./people";
import { test } from "./test";
import { CHANGES, cut, drawBox, fillDisk, isSaved, onTheObject, state, tryNow } from "./unsaved";

const INA = { email: "ina@example.org", name: "ina", password: "comes-and-goes-as-told" };

const unsent = (page: Page) => page.getByRole("button", { name: /waits? to be sent$/ });
const panel = (page: Page) => page.getByRole("dialog", { name: "Edits that wait to be sent" });

/** A request of the page's own person, past what the test does to those of the page. */
const ask = (page: Page, method: string, path: string, body?: object) =>
  page.evaluate(
    async ({ method, path, body }) => {
      const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const headers = { "X-CSRFToken": csrf, "Content-Type": "application/json" };
      const response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
      return response.status === 204 ? null : response.json();
    },
    { method, path, body },
  );

test("an edit is in the browser within a second, listed on every page, and sent from there", async ({ browser }) => {
  const { page, canvas, image } = await open(browser);
  await cut(page);
  await drawBox({ page, canvas });
  await expect.poll(() => keptEdits(page), { timeout: 1000, intervals: [100] }).toBe(1);
  await expect(state(page)).toHaveText(/Offline: 1 waiting/);
  await page.goto("/");
  await expect(unsent(page)).toHaveText("1 edit of 1 image waits to be sent");
  await unsent(page).click();
  await expect(panel(page).getByText("1 Owl")).toBeVisible();
  await expect(panel(page).getByText("The server cannot be reached.")).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.unroute(CHANGES);
  // Without a click: the page tries by itself, sooner when the network is back.
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(panel(page).getByText("Everything is on the server.")).toBeVisible();
  expect(await stored(page, image)).toHaveLength(1);
});

/** How many records of unsaved edits the browser's database has. */
const keptEdits = (page: Page) =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => request.addEventListener("success", () => resolve(request.result)));
    const db = await done(indexedDB.open("maskwright-edits"));
    const count = await done(db.transaction("edits").objectStore("edits").count());
    db.close();
    return count;
  });

test("edits of somebody who was taken out of the project are a draft, and saved when they are back", async ({
  browser,
}) => {
  const { page: manager, image } = await open(browser);
  const { project } = await ask(manager, "GET", `/images/${image}`);
  const roles = { email: INA.email, roles: ["annotator"] };
  const { id: membership, invite_url } = await ask(manager, "POST", `/projects/${project}/members`, roles);
  const page = await acceptInvitation(browser, invite_url, INA);
  await openImage(page, image);
  await cut(page);
  await drawBox({ page, canvas: new Canvas(page, OWL) });
  await expect(state(page)).toHaveText(/Offline: 1 waiting/);
  await ask(manager, "DELETE", `/members/${membership}`);
  await page.unroute(CHANGES);
  await page.goto(`/images/${image}`);
  await expect(page.getByRole("heading", { name: "There is no such image" })).toBeVisible();
  await expect(page.getByText("1 edit of yours is kept in this browser.")).toBeVisible();
  await page.getByRole("button", { name: "Look at them" }).click();
  await expect(panel(page).getByText(/Kept as a draft/)).toBeVisible();
  await panel(page).getByRole("button", { name: "Look at the edits of owl.jpg" }).click();
  await expect(panel(page).getByRole("img", { name: "The edits of owl.jpg" })).toBeVisible();
  const download = page.waitForEvent("download");
  await panel(page).getByRole("button", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe("owl.jpg.draft.json");

  await ask(manager, "POST", `/projects/${project}/members`, roles);
  await panel(page).getByRole("button", { name: "Try now" }).click();
  await expect(panel(page).getByText("Everything is on the server.")).toBeVisible();
  expect(await stored(manager, image)).toHaveLength(1);
});

test("a browser that keeps nothing says so, and saving goes on", async ({ browser }) => {
  const desk = await open(browser);
  const { page, image } = desk;
  await fillDisk(page);
  await drawBox(desk);
  await expect(page.getByText(/This browser keeps nothing: do not close the page/)).toBeVisible();
  await isSaved(page);
  expect(await stored(page, image)).toHaveLength(1);
});

test("what a browser that keeps nothing could not store holds the page, and is sent from the list", async ({
  browser,
}) => {
  const desk = await open(browser);
  const { page, image } = desk;
  await fillDisk(page);
  await cut(page);
  await drawBox(desk);
  await expect(state(page)).toHaveText(/Offline: 1 waiting/);
  await leaves(page, "stays");
  await page.getByRole("link", { name: "The owl" }).click();
  await unsent(page).click();
  await expect(panel(page).getByText("1 Owl")).toBeVisible();
  await expect(panel(page).getByText(/do not close this tab/)).toBeVisible();
  await leaves(page, "stays");
  await page.unroute(CHANGES);
  await tryNow(panel(page));
  await expect(panel(page).getByText("Everything is on the server.")).toBeVisible();
  expect(await stored(page, image)).toHaveLength(1);
  await leaves(page, "goes");
});

/** Whether the browser asks before it lets the page go. */
async function leaves(page: Page, how: "stays" | "goes"): Promise<void> {
  if (how === "goes") {
    // The page learns that its edits are stored a moment after they are.
    await expect.poll(() => holdsItself(page)).toBe(false);
    const closed = page.waitForEvent("close");
    page.once("dialog", () => expect(true, "no prompt").toBe(false));
    await page.close({ runBeforeUnload: true });
    await closed;
    return;
  }
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
}

const holdsItself = (page: Page): Promise<boolean> =>
  page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));

test("what the browser has stored does not hold the page", async ({ browser }) => {
  const desk = await open(browser);
  await cut(desk.page);
  await drawBox(desk);
  await expect.poll(() => keptEdits(desk.page)).toBe(1);
  await leaves(desk.page, "goes");
});

test("an image is not submitted while another tab holds edits of it, which are one click away", async ({ browser }) => {
  const desk = await open(browser);
  const { page, image } = desk;
  await drawBox(desk);
  await isSaved(page);
  const other = await openImage(await newTab(page.context()), image);
  await cut(other.page);
  await onTheObject(other.page, "Shift+ArrowDown");
  await expect(state(other.page)).toHaveText(/Offline: 1 waiting/);
  await page.bringToFront();
  await page.getByRole("button", { name: /^Submit/ }).click();
  await expect(page.getByText(/Another tab has 1 edit of this image that is not saved/)).toBeVisible();
  await page.getByRole("button", { name: "Look at them" }).click();
  await expect(panel(page).getByText("1 Owl")).toBeVisible();
  await expect(panel(page).getByText(/The image is open in another tab/)).toBeVisible();
  expect(await serious(page)).toEqual([]);
});

test("where tabs cannot see each other's locks, one takes over what another was closed with, and nothing before", async ({
  browser,
}) => {
  const first = await open(browser);
  // As at a plain-http address.
  await first.page.context().addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  await first.page.reload();
  await cut(first.page);
  const second = await openImage(await newTab(first.page.context()), first.image);
  await drawBox(first);
  await expect(state(first.page)).toHaveText(/Offline: 1 waiting/);
  // Long enough for anybody who asked to have given up.
  await second.page.waitForTimeout(3000);
  expect(await stored(second.page, first.image)).toEqual([]);
  await first.page.close();
  await expect(second.page.getByRole("button", { name: "Objects 1" })).toBeVisible({ timeout: 5000 });
  await isSaved(second.page);
  expect(await stored(second.page, first.image)).toHaveLength(1);
});
