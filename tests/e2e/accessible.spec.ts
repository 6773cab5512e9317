import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";
import { serious } from "./axe";
import { logIn, MANAGER } from "./people";
import { test } from "./test";

const PHOTO = join(dirname(fileURLToPath(import.meta.url)), "../../labeling/demo/photos/owl.jpg");

const LOOKS = [
  { colorScheme: "dark", size: { width: 1440, height: 900 } },
  { colorScheme: "light", size: { width: 1024, height: 768 } },
] as const;

test("axe finds nothing serious on any page, dark and light, large and small", async ({ browser }) => {
  const page = await logIn(browser, MANAGER);
  const { project, image } = await somethingToReview(page);
  const pages = [
    "/",
    `/projects/${project}`,
    `/projects/${project}/classes`,
    `/projects/${project}/people`,
    `/projects/${project}/export`,
    `/projects/${project}/settings`,
    `/projects/${project}/review`,
    `/images/${image}`,
    "/account",
    "/about",
    "/no/such/page",
  ];
  for (const { colorScheme, size } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    for (const path of pages) {
      await page.goto(path);
      await page.waitForLoadState("load");
      await expect(page.locator("h1, h2, h3").first()).toBeVisible();
      expect(await serious(page), `${path}, ${colorScheme}`).toEqual([]);
    }
  }
});

/** A project with one image and one box that waits for a verdict, made by the API. */
async function somethingToReview(page: Page): Promise<{ project: string; image: string }> {
  const photo = readFileSync(PHOTO).toString("base64");
  return page.evaluate(async (photo) => {
    const csrf = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const send = async (path: string, body: unknown) => {
      const form = body instanceof FormData;
      const headers: Record<string, string> = { "X-CSRFToken": csrf };
      if (!form) headers["Content-Type"] = "application/json";
      const init = { method: "POST", headers, body: form ? body : JSON.stringify(body) };
      const response = await fetch(`/api/v1${path}`, init);
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      return response.json();
    };
    const me = await (await fetch("/api/v1/me")).json();
    const project = await send("/projects", { name: "Accessible", classes: [{ name: "Owl" }] });
    const [owl] = await (await fetch(`/api/v1/projects/${project.id}/classes`)).json();
    const files = new FormData();
    files.append("files", new Blob([Uint8Array.from(atob(photo), (c) => c.charCodeAt(0))]), "owl.jpg");
    const { results } = await send(`/projects/${project.id}/images`, files);
    const image: string = results[0].image.id;
    await send(`/images/${image}/annotations`, {
      id: crypto.randomUUID(),
      class_id: owl.id,
      kind: "box",
      source: "box",
      bbox: [100, 100, 200, 200],
    });
    await send(`/projects/${project.id}/assignments`, { annotator: me.id, images: [image] });
    const [work] = await (await fetch("/api/v1/me/assignments")).json();
    await send(`/assignments/${work.id}/submit`, {});
    return { project: project.id as string, image };
  }, photo);
}
