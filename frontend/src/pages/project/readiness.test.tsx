import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Outlet } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Progress, Project } from "../../server/types";
import { renderPage, serve } from "../../testing/page";
import type { ProjectContext } from "./context";
import { ImagesTab } from "./images/ImagesTab";
import { Meters } from "./Meters";
import { ProposalsForm } from "./settings/ProposalsForm";

const PROPOSALS: Project["proposals"] = {
  enabled: true,
  points_per_side: 16,
  predicted_iou: 0.85,
  stability: 0.9,
  crops: 0,
  minimum_area: 100,
};
const project = { id: "p", version: 1, permissions: ["images.upload", "assign"], proposals: PROPOSALS };
const nothing = { queued: 0, running: 0, ready: 0, failed: 0, rate_per_minute: null, seconds_left: 0 };
const progress: Progress = {
  project: "p",
  cover: null,
  images: {
    total: 40,
    available: 40,
    to_review: 0,
    unassigned: 40,
    open: 0,
    submitted: 0,
    returned: 0,
    skipped: 0,
    done: 0,
  },
  embeddings: { ...nothing, ready: 40 },
  proposals: { ...nothing, queued: 27, running: 1, ready: 12, rate_per_minute: 30.2, seconds_left: 56 },
  annotations: { draft: 0, submitted: 0, accepted: 0, rejected: 0 },
  classes: {},
  workers_alive: 1,
};
const ready = { state: "ready", error: null };
const image = (id: string, proposals: object, embedding: object = ready) => ({
  id,
  name: `${id}.jpg`,
  thumbnail_url: "/thumbnail.jpg",
  embedding,
  proposals,
  assignment: null,
  annotation_counts: { draft: 0, submitted: 0, accepted: 0, rejected: 0 },
});
const failed = { state: "failed", error: "The storage is full." };
const answers = {
  "GET /projects/p/progress": progress,
  "GET /projects/p/images": {
    next: null,
    previous: null,
    results: [image("a", ready), image("b", failed), image("c", ready, failed)],
  },
  "POST /images/b/retry": {},
  "POST /images/c/retry": {},
};
const retried = (sent: { method: string; path: string }[]) =>
  sent.filter(({ method }) => method === "POST").map(({ path }) => path);

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(1000);
});
afterEach(() => vi.unstubAllGlobals());

test("a manager sees how many proposals are there, how fast they are made and how long the rest takes", async () => {
  serve(answers);
  renderPage(<Meters project={project} />);
  const bar = await screen.findByRole("progressbar", { name: "With proposals" });
  expect(bar.getAttribute("aria-valuetext")).toBe("12 of 40");
  expect(screen.getByText("12 / 40")).toBeTruthy();
  expect(screen.getByText("30 a minute · about 1 min left")).toBeTruthy();
  expect(screen.getByText("SAM answers at once on every image")).toBeTruthy();
});

test("while nobody can tell how long it takes, nothing is said of it", async () => {
  const unknown = { ...progress.proposals, rate_per_minute: null, seconds_left: null };
  serve({ ...answers, "GET /projects/p/progress": { ...progress, proposals: unknown } });
  renderPage(<Meters project={project} />);
  expect(await screen.findByText("1 being made, 27 queued")).toBeTruthy();
});

test("a project without proposals shows nothing of them", async () => {
  serve(answers);
  renderPage(<Meters project={{ id: "p", proposals: { ...PROPOSALS, enabled: false } }} />);
  expect(await screen.findByText("Ready for clicks")).toBeTruthy();
  expect(screen.queryByText("With proposals")).toBeNull();
});

test("what failed is tried again all at once", async () => {
  const broken = { ...progress, proposals: { ...progress.proposals, failed: 1 } };
  const sent = serve({ ...answers, "GET /projects/p/progress": broken });
  renderPage(<Meters project={project} />);
  await userEvent.click(await screen.findByRole("button", { name: "Retry" }));
  await waitFor(() => expect(retried(sent)).toEqual(["/images/b/retry"]));
});

test("selected images that failed, in whatever way, are tried again", async () => {
  const sent = serve(answers);
  const context = { project, pickFiles: () => {} } as unknown as ProjectContext;
  renderPage(<Outlet context={context} />, { child: <ImagesTab /> });
  expect(await screen.findByText("no proposals")).toBeTruthy();
  await userEvent.click(screen.getByLabelText("Select all images"));
  await userEvent.click(screen.getByRole("button", { name: "Retry 2 failed" }));
  await waitFor(() => expect(retried(sent)).toEqual(["/images/b/retry", "/images/c/retry"]));
});

test("the settings of proposals say what changing them costs before they are saved", async () => {
  const sent = serve({
    ...answers,
    "PATCH /projects/p": { ...project, proposals: { ...PROPOSALS, points_per_side: 32 } },
  });
  renderPage(<ProposalsForm project={project} />);
  const save = screen.getByRole("button", { name: "Save" });
  expect(save.hasAttribute("disabled")).toBe(true);
  const points = screen.getByLabelText("Points a side");
  await userEvent.clear(points);
  expect(save.hasAttribute("disabled"), "a number is missing").toBe(true);
  await userEvent.type(points, "32");
  expect(await screen.findByText(/Proposals for 40 images are computed in the background/)).toBeTruthy();
  await userEvent.click(save);
  await waitFor(() =>
    expect(sent.find(({ method }) => method === "PATCH")?.body).toEqual({
      proposals: { points_per_side: 32 },
    }),
  );
});

test("turned off, proposals cannot be set and are put away", async () => {
  serve(answers);
  renderPage(<ProposalsForm project={project} />);
  await userEvent.click(screen.getByRole("switch", { name: /^Proposals/ }));
  expect(screen.getByLabelText("Points a side").hasAttribute("disabled")).toBe(true);
  expect(await screen.findByText(/The proposals of 40 images are put away/)).toBeTruthy();
});
