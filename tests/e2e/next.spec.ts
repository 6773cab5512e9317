import { expect, type Page } from "@playwright/test";
import { answered, Canvas } from "./canvas";
import { makeImages } from "./made";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

/** Milliseconds from the next press of `F` until `name` and its photograph are on the screen. */
const stopwatch = (page: Page, name: string) =>
  page.evaluate((name) => {
    const shown = () =>
      document.querySelector("h1")?.textContent === name &&
      document.querySelector("[role=application]") &&
      !document.querySelector('[aria-label="Loading the photograph"]');
    const pressed = new Promise<number>((resolve) => {
      const listen = (event: KeyboardEvent) => event.key === "f" && resolve(performance.now());
      window.addEventListener("keydown", listen, { capture: true, once: true });
    });
    Object.assign(window, {
      shownAfter: pressed.then(
        (start) =>
          new Promise<number>((resolve) => {
            const look = () => (shown() ? resolve(performance.now() - start) : requestAnimationFrame(look));
            look();
          }),
      ),
    });
  }, name);

test("F shows the next image at once, without waiting for the server, and it can be clicked", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const [first = "", second = ""] = await makeImages(page, ["duck", "owl"], ["Bird"]);
  const warm = ["", "/annotations", "/file", "/prioritise"].map((path) =>
    page.waitForResponse((response) => response.url().endsWith(`/images/${second}${path}`), { timeout: 60_000 }),
  );
  await page.goto(`/images/${first}`);
  await Promise.all(warm);
  await expect(page.getByText("embedding ready")).toBeVisible({ timeout: 60_000 });
  await page.waitForTimeout(500);

  // The server is silent for a while: whatever F needs of it would show.
  let speak = () => {};
  const silence = new Promise<void>((resolve) => {
    speak = resolve;
  });
  await page.route(`**/images/${second}**`, async (route) => {
    await silence;
    await route.continue();
  });
  await stopwatch(page, "owl.jpg");
  await page.keyboard.press("f");
  const milliseconds = await page.evaluate(() => (window as unknown as { shownAfter: Promise<number> }).shownAfter);
  console.log(`the next image is shown after ${Math.round(milliseconds)} ms`);

  speak();
  await expect(page.getByText("embedding ready")).toBeVisible({ timeout: 60_000 });
  await new Canvas(page, { width: 1024, height: 683 }).click(0.5, 0.5);
  await answered(page, 3);
});
