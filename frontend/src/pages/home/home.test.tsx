import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { pageOf, renderPage, serve } from "../../testing/page";
import { HomePage } from "./HomePage";

const assignment = (id: string, state: string, rejected = 0) => ({
  id,
  project: { id: "p", name: "Meadow" },
  image: { id: `image-${id}`, name: `${id}.jpg`, thumbnail_url: "/thumbnail.jpg", width: 1, height: 1 },
  annotator: { id: "u", name: "Ana", email: "" },
  state,
  rejected_count: rejected,
  annotation_count: 4,
  lease_until: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
});

const project = {
  id: "p",
  name: "Meadow",
  my_roles: ["manager"],
  permissions: ["project.view", "review"],
  description: "",
  guidelines: "",
};

const empty = {
  "GET /me": { id: "u", email: "ana@x.org", name: "Ana", may_create_projects: true },
  "GET /me/assignments": [],
  "GET /projects": { next: null, results: [] },
  "GET /progress": [],
};

afterEach(() => vi.unstubAllGlobals());

test("what a reviewer sent back comes first, with how many masks and why", async () => {
  serve({
    ...empty,
    "GET /me/assignments": [assignment("new", "open"), assignment("back", "returned", 2)],
    "GET /images/image-back/annotations": pageOf([
      { state: "rejected", review: { reason: "Rough edge" } },
      { state: "accepted", review: { reason: "" } },
      { state: "rejected", review: { reason: "Part missing" } },
    ]),
  });
  renderPage(<HomePage />);
  await screen.findByText("Rough edge, Part missing");
  const [first, second] = screen.getAllByRole("listitem");
  expect(within(first as HTMLElement).getByText("back.jpg")).toBeTruthy();
  expect(first?.textContent).toContain("2 masks rejected");
  const link = within(second as HTMLElement).getByRole("link", { name: "Continue new.jpg" });
  expect(link.getAttribute("href")).toBe("/images/image-new?from=mine");
});

test("who may not create projects is offered none to create", async () => {
  serve({ ...empty, "GET /me": { id: "u", name: "Ana", may_create_projects: false } });
  renderPage(<HomePage />);
  expect(await screen.findByText(/Ask a manager to add you to theirs/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /project/ })).toBeNull();
});

test("without work and projects both places say what to do next", async () => {
  serve(empty);
  renderPage(<HomePage />);
  expect(await screen.findByText("You have no assigned images")).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Make a project" })).toBeTruthy();
});

test("a card shows what is done and how much waits for review", async () => {
  const progress = {
    project: "p",
    cover: null,
    images: { total: 12, done: 3, submitted: 0 },
    annotations: { submitted: 214 },
  };
  serve({ ...empty, "GET /projects": { next: null, results: [project] }, "GET /progress": [progress] });
  renderPage(<HomePage />);
  const review = await screen.findByRole("link", { name: /214 waiting/ });
  expect(review.getAttribute("href")).toBe("/projects/p/review");
  expect(screen.getByRole("progressbar", { name: /Meadow/ }).getAttribute("aria-valuetext")).toBe("3 of 12");
});

test("a new project is made with its classes, each in a colour of its own, and opened", async () => {
  const sent = serve({ ...empty, "POST /projects": project });
  const { router } = renderPage(<HomePage />, { others: [{ path: "/projects/:id", element: null }] });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "New project" }));
  await user.type(await screen.findByLabelText("Name"), "Meadow");
  await user.click(screen.getByRole("button", { name: "Add a class" }));
  await user.type(screen.getByLabelText("Name of class 1"), "Sheep{Enter}");
  await user.type(screen.getByLabelText("Name of class 2"), "Cow");
  await user.click(screen.getByRole("button", { name: "Make project" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/projects/p"));
  expect(sent.find((request) => request.method === "POST")?.body).toEqual({
    name: "Meadow",
    description: "",
    classes: [
      { name: "Sheep", colour: "#56b4e9" },
      { name: "Cow", colour: "#e69f00" },
    ],
  });
});
