import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { annotation } from "../../model/testing";
import { pageOf, Refusal, renderPage, serve } from "../../testing/page";
import EditorPage from "./EditorPage";
import { classes, image, me, project, stubBrowser } from "./testing";

const proposal = (fields: object) => ({
  segmentation: { size: [8, 8], counts: "0260`1" },
  bbox: [0, 0, 2, 2],
  area: 4,
  predicted_iou: 0.97,
  stability_score: 0.98,
  point_coords: [[1, 1]],
  crop_box: [0, 0, 8, 8],
  parent: null,
  level: 0,
  ...fields,
});
const list = { proposals: [proposal({}), proposal({ level: 1, predicted_iou: 0.9 })], model: "mobile_sam@1" };

let browser: ReturnType<typeof stubBrowser>;
beforeEach(() => {
  browser = stubBrowser();
});

let people = 0;
async function open(state: string, changed: Record<string, unknown> = {}, error: string | null = null) {
  const sent = serve({
    "GET /me": { ...me, id: `anna-${++people}` },
    "GET /projects/p": project,
    "GET /projects/p/classes": classes,
    "GET /images/i": { ...image, proposals: { state, error } },
    "GET /images/i/annotations": pageOf([]),
    "GET /images/i/neighbours": { previous: null, next: null, index: 0, total: 1 },
    "GET /images/i/proposals": list,
    "POST /images/i/changes": ({ body }: { body: unknown }) => {
      const { create } = body as { create: object[] };
      return { annotations: create.map((fields) => annotation(fields)), deleted: [] };
    },
    ...changed,
  });
  renderPage(<EditorPage />, { path: "/images/:id", at: "/images/i" });
  await screen.findByRole("application");
  return { sent, user: userEvent.setup() };
}

const bar = () => screen.findByRole("region", { name: "Proposals" });

describe("proposals in the editor", () => {
  test("are fetched when their tool is first taken, and accepted by Tab and Enter as the current class", async () => {
    const { sent, user } = await open("ready");
    expect(sent.some(({ path }) => path.endsWith("/proposals"))).toBe(false);
    await user.keyboard("g");
    expect(await screen.findByRole("button", { name: "Whole 1", pressed: true })).toBeTruthy();
    await user.keyboard("2{Tab}");
    expect(await screen.findByText("Proposal 1 of 1, score 0.97")).toBeTruthy();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("button", { name: /^Grass 1/ })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Whole 0" })).toBeTruthy();
    await waitFor(() => expect(sent.find(({ path }) => path.endsWith("/changes"))).toBeDefined());
    expect(sent.find(({ path }) => path.endsWith("/changes"))?.body).toMatchObject({
      create: [{ class_id: "grass", source: "proposal", model: "mobile_sam@1", predicted_iou: 0.97 }],
    });
  });

  test("change their level by keys and hide the doubtful by a slider", async () => {
    const { user } = await open("ready", {
      "GET /images/i/proposals": { ...list, proposals: [proposal({}), proposal({ predicted_iou: 0.81 })] },
    });
    await user.keyboard("g");
    await screen.findByRole("button", { name: "Whole 2" });
    const slider = screen.getByRole("slider", { name: "Surest from" });
    fireEvent.change(slider, { target: { value: "0.9" } });
    expect(await screen.findByRole("button", { name: "Whole 1" })).toBeTruthy();
    screen.getByRole("application").focus();
    await user.keyboard(".");
    expect(screen.getByRole("button", { name: "Part 0", pressed: true })).toBeTruthy();
  });

  test("that are still made appear by themselves", async () => {
    const { sent, user } = await open("queued");
    await user.keyboard("g");
    expect(await screen.findByText(/come next/)).toBeTruthy();
    expect(sent.some(({ path }) => path.endsWith("/proposals"))).toBe(true);
    browser.emit("job.changed", { data: { kind: "propose", target: "i", state: "running", error: null } });
    expect(await screen.findByText(/are being made/)).toBeTruthy();
    browser.emit("job.changed", { data: { kind: "propose", target: "i", state: "ready", error: null } });
    expect(await screen.findByRole("button", { name: "Whole 1" })).toBeTruthy();
  });

  test("that are off say who can turn them on, and lead there whoever can", async () => {
    const { user } = await open("off");
    await user.keyboard("g");
    expect((await bar()).textContent).toMatch(/A manager turns them on/);
    expect(screen.queryByRole("link", { name: "Settings" })).toBeNull();
  });

  test("lead a manager to the settings", async () => {
    const permissions = ["project.view", "project.edit", "images.upload", "annotate"];
    const { user } = await open("off", { "GET /projects/p": { ...project, permissions } });
    await user.keyboard("g");
    expect(await screen.findByRole("link", { name: "Settings" })).toHaveProperty(
      "pathname",
      "/projects/p/settings",
    );
  });

  test("that failed say why, and whoever may can have them tried again", async () => {
    const permissions = ["project.view", "images.upload", "annotate"];
    const changed = { "GET /projects/p": { ...project, permissions }, "POST /images/i/retry": {} };
    const { sent, user } = await open("failed", changed, "Out of memory.");
    await user.keyboard("g");
    expect((await bar()).textContent).toMatch(/could not be made: Out of memory/);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(sent.some(({ path }) => path === "/images/i/retry")).toBe(true);
  });

  test("that cannot be fetched say so", async () => {
    const down = new Refusal(403, { status: 403, code: "forbidden", detail: "You may not see them." });
    const { user } = await open("ready", { "GET /images/i/proposals": down });
    await user.keyboard("g");
    expect(await screen.findByText(/You may not see them/)).toBeTruthy();
  });

  test("of an image without any say what else to do", async () => {
    const { user } = await open("ready", { "GET /images/i/proposals": { ...list, proposals: [] } });
    await user.keyboard("g");
    expect(await screen.findByText(/found nothing to propose/)).toBeTruthy();
  });
});
