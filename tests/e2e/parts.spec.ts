import { expect, type Route } from "@playwright/test";
import { makeImage } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

const PART = /\/assets\/(SettingsTab|QualityTab)-.*\.(js|css)$/;
const ENTRY = /\/assets\/index-[^"]+\.js/;

test("a part that cannot be loaded leaves the page, and comes by itself; after an upgrade the page reloads once", async ({
  browser,
}) => {
  const page = await logIn(browser, MANAGER);
  const image = await makeImage(page, "owl", ["Owl"]);
  const project = await page.evaluate(
    async (id) => (await (await fetch(`/api/v1/images/${id}`)).json()).project as string,
    image,
  );
  await page.goto(`/projects/${project}/classes`);
  const tabs = page.getByRole("navigation", { name: "Project" });
  await expect(page.getByLabel("Name of Owl")).toBeVisible();
  // While the page is replaced by another one, nobody answers.
  const isSame = () => page.evaluate(() => "sameDocument" in window).catch(() => undefined);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await test.step("the server is away", async () => {
    const blocked = (route: Route) => route.abort("connectionrefused");
    await page.route(PART, blocked);
    await page.route(/127\.0\.0\.1:\d+\/$/, blocked);
    await tabs.getByRole("link", { name: "Settings" }).click();
    await expect(page.getByText("could not be loaded because the server does not answer")).toBeVisible();
    await expect(page.getByRole("heading", { name: "The owl" })).toBeVisible();
    await expect(page.getByText("This page broke")).toHaveCount(0);

    await tabs.getByRole("link", { name: "People" }).click();
    await expect(page.getByLabel("Add a person")).toBeVisible();
    await expect(page.getByText("could not be loaded")).toHaveCount(0);
    await tabs.getByRole("link", { name: "Settings" }).click();
    await page.unrouteAll();
    await expect(page.getByLabel("Guidelines")).toBeVisible();
    await expect(page.getByText("could not be loaded")).toHaveCount(0);
    expect(await isSame()).toBe(true);
  });

  await test.step("the part is gone, because there is another version", async () => {
    await page.route(PART, (route) => route.fulfill({ status: 404 }));
    await page.route(/127\.0\.0\.1:\d+\/$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(ENTRY, "/assets/index-another.js");
      await route.fulfill({ response, body });
    });
    await page.getByLabel("Guidelines").click();
    await page.keyboard.type("Whole feathers.");
    await tabs.getByRole("link", { name: "Quality" }).click();
    await page.getByRole("button", { name: "Leave without saving" }).click();
    await expect.poll(isSame, { message: "it was reloaded" }).toBe(false);
    await expect(page.getByText("Maskwright was updated")).toBeVisible();
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.unrouteAll();
    await expect(page.getByRole("heading", { name: /Confidence|Quality/ }).first()).toBeVisible();
    expect(await isSame(), "one reload, not one after the other").toBe(true);
  });
});
