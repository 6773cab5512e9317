import { expect, type Page, test } from "@playwright/test";
import { serious } from "./axe";
import { Canvas } from "./canvas";
import { type Desk, open, OWL, openImage, undoes } from "./desk";
import { stored } from "./made";
import { acceptInvitation, newTab } from "./people";

const CHANGES = /\/changes$/;
const INA = { email: "ina@example.org", name: "ina", password: "comes-and-goes-as-told" };

const state = (page: Page) => page.getByTestId("save-state");
const unsent = (page: Page) => page.getByRole("button", { name: /waits? to be sent$/ });
const panel = (page: Page) => page.getByRole("dialog", { name: "Edits that wait to be sent" });
const conflict = (page: Page) => page.getByRole("region", { name: "Somebody else changed the same" });

async function drawBox({ page, canvas }: Pick<Desk, "page" | "canvas">): Promise<void> {
  await page.keyboard.press("r");
  await canvas.drag([0.2, 0.2], [0.4, 0.5]);
}

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
  await page.route(CHANGES, (route) => route.abort("connectionrefused"));
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
    const done = <T,>(request: IDBRequest<T>) =>
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
  await page.route(CHANGES, (route) => route.abort("connectionrefused"));
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

test("both versions of an object that two changed are shown, and theirs, mine or both stay", async ({ browser }) => {
  const desk = await open(browser);
  const { page, image } = desk;
  await drawBox(desk);
  await expect(state(page)).toHaveText("Saved");
  const other = await openImage(await newTab(page.context()), image);
  const moved = async (tab: Page, key: string) => {
    await tab.keyboard.press("v");
    await tab.keyboard.press("Escape");
    await tab.keyboard.press("Tab");
    await tab.keyboard.press(key);
  };
  await page.route(CHANGES, (route) => route.abort("connectionrefused"));
  await moved(page, "Shift+ArrowRight");
  await moved(other.page, "Shift+ArrowDown");
  await expect(state(other.page)).toHaveText("Saved");
  await page.unroute(CHANGES);
  await expect(conflict(page)).toContainText("changed this object while you edited it");
  await expect(conflict(page)).toContainText(/IoU 0\.\d+.* px only theirs/);
  expect(await serious(page)).toEqual([]);
  const theirs = (await stored(page, image))[0]?.bbox;

  await conflict(page).getByRole("button", { name: "Take theirs" }).click();
  await undoes(page, "take their owl 1");
  await expect(state(page)).toHaveText("Saved");
  expect((await stored(page, image))[0]?.bbox).toEqual(theirs);
  // Ours is one undo away, and saved then.
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await stored(page, image))[0]?.bbox).not.toEqual(theirs);
});

test("a browser that keeps nothing says so, and saving goes on", async ({ browser }) => {
  const desk = await open(browser);
  const { page, image } = desk;
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    };
  });
  await drawBox(desk);
  await expect(page.getByText(/This browser keeps nothing: do not close the page/)).toBeVisible();
  await expect(state(page)).toHaveText("Saved");
  expect(await stored(page, image)).toHaveLength(1);
});
