import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { Outlet } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Permission, Progress } from "../../server/types";
import { Refusal, renderPage, serve } from "../../testing/page";
import { ClassesTab } from "./classes/ClassesTab";
import type { ProjectContext } from "./context";
import { ExportTab } from "./export/ExportTab";
import { ImagesTab } from "./images/ImagesTab";
import { Needs } from "./Needs";
import { ProjectPage } from "./ProjectPage";
import { PeopleTab } from "./people/PeopleTab";
import { ModelForm } from "./settings/ModelForm";

const MANAGER: Permission[] = [
  "project.view",
  "project.edit",
  "project.delete",
  "members.view",
  "members.edit",
  "images.upload",
  "images.delete",
  "assign",
  "review",
  "export",
];
const project = (permissions: Permission[], roles: string[] = []) => ({
  id: "p",
  name: "Meadow",
  description: "",
  guidelines: "",
  proposals: { enabled: false },
  my_roles: roles,
  permissions,
});
const progress: Progress = {
  project: "p",
  cover: null,
  images: {
    total: 3,
    available: 3,
    to_review: 0,
    unassigned: 3,
    open: 0,
    submitted: 0,
    returned: 0,
    skipped: 0,
    done: 0,
  },
  embeddings: { queued: 2, running: 0, ready: 1, failed: 0, rate_per_minute: null, seconds_left: null },
  proposals: { queued: 0, running: 0, ready: 0, failed: 0, rate_per_minute: null, seconds_left: 0 },
  annotations: { draft: 1, submitted: 5, accepted: 2, rejected: 1 },
  classes: { c1: 7 },
  workers_alive: 1,
};
const image = (id: string, extra = {}) => ({
  id,
  name: `${id}.jpg`,
  thumbnail_url: "/thumbnail.jpg",
  embedding: { state: "ready", error: null },
  proposals: { state: "off", error: null },
  assignment: null,
  annotation_counts: { draft: 0, submitted: 0, accepted: 0, rejected: 0 },
  ...extra,
});
const member = (id: string, name: string, roles: string[], extra = {}) => ({
  id,
  email: `${name}@x.org`,
  user: { id: `u-${id}`, name, email: `${name}@x.org` },
  roles,
  waits: false,
  email_verified: true,
  invitation: null,
  ...extra,
});
const invitation = { state: "open", by_mail: false, expires_at: "2099-01-01T00:00:00Z", may_renew: true };
const page = (results: unknown[]) => ({ next: null, previous: null, results });

const answers = {
  "GET /projects/p": project(MANAGER, ["manager"]),
  "GET /projects/p/progress": progress,
  "GET /projects/p/images": page([image("a"), image("b"), image("c")]),
  "GET /projects/p/members": [member("m1", "Mara", ["manager"]), member("m2", "Ana", ["annotator"])],
  "GET /projects/p/classes": [{ id: "c1", name: "Sheep", colour: "#56b4e9", attributes: [] }],
  "GET /projects/p/exports": page([]),
  "GET /me/assignments": [],
};

const tabIn = (tab: ReactElement, permissions: Permission[] = MANAGER) => {
  const context = { project: project(permissions), pickFiles: () => {} } as unknown as ProjectContext;
  return renderPage(<Outlet context={context} />, { child: tab });
};

beforeEach(() => {
  vi.stubGlobal(
    "EventSource",
    class extends EventTarget {
      close() {}
    },
  );
  // The grid draws as many columns and rows as have room; jsdom has no layout.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(1000);
});
afterEach(() => vi.unstubAllGlobals());

const openProject = (child: ReactElement) =>
  renderPage(<ProjectPage />, {
    path: "/projects/:id",
    at: "/projects/p",
    child,
    others: [{ path: "/images/:id", element: null }],
  });

test("a manager sees readiness and the queue, and adds images first of all", async () => {
  serve(answers);
  openProject(<ImagesTab />);
  expect(
    (await screen.findByRole("progressbar", { name: "Ready for clicks" })).getAttribute("aria-valuetext"),
  ).toBe("1 of 3");
  expect(screen.getByRole("link", { name: "Review · 5 waiting" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Add images" }).getAttribute("data-variant")).toBe("filled");
  expect(screen.getByRole("link", { name: "Settings" })).toBeTruthy();
});

test("when images wait and no worker runs, the page says so", async () => {
  serve({ ...answers, "GET /projects/p/progress": { ...progress, workers_alive: 0 } });
  openProject(<ImagesTab />);
  expect(await screen.findByText(/No worker is running · 2 wait/)).toBeTruthy();
});

test("an annotator gets the next image, and no settings", async () => {
  const mine = { id: "as", project: { id: "p", name: "" }, image: { id: "b" }, state: "open" };
  serve({
    ...answers,
    "GET /projects/p": project(["project.view", "annotate"], ["annotator"]),
    "POST /projects/p/assignments/next": mine,
  });
  const { router } = openProject(<ImagesTab />);
  await userEvent.click(await screen.findByRole("button", { name: "Get next image" }));
  await waitFor(() =>
    expect(router.state.location.pathname + router.state.location.search).toBe("/images/b?from=mine"),
  );
});

test("a reviewer reviews first of all, and is not sent to label", async () => {
  serve({ ...answers, "GET /projects/p": project(["project.view", "annotate", "review"], ["reviewer"]) });
  openProject(<ImagesTab />);
  const review = await screen.findByRole("link", { name: /^Review/ });
  expect(review.getAttribute("data-variant")).toBe("filled");
  expect(screen.queryByRole("button", { name: "Get next image" })).toBeNull();
});

test("a tab that the role does not allow says so, when its address is typed", async () => {
  serve(answers);
  tabIn(<Needs permission="project.edit">the settings</Needs>, ["project.view"]);
  expect(await screen.findByText("Your roles here do not allow this")).toBeTruthy();
  expect(screen.queryByText("the settings")).toBeNull();
});

test("a project that is not there, or not for me, says so", async () => {
  serve({});
  openProject(<ImagesTab />);
  expect(await screen.findByText("There is nothing here for you")).toBeTruthy();
});

test("another model is chosen among those installed, after a word on what will happen", async () => {
  const sent = serve({
    ...answers,
    "GET /models": [
      { name: "mobile_sam", title: "MobileSAM" },
      { name: "vit_b", title: "SAM ViT-B" },
    ],
    "PATCH /projects/p": { ...project(MANAGER), model: "vit_b" },
  });
  tabIn(<ModelForm project={{ id: "p", model: "mobile_sam", version: 1 }} />);
  await screen.findByRole("option", { name: "SAM ViT-B" });
  expect(screen.getByRole("button", { name: "Change model" }).hasAttribute("disabled")).toBe(true);
  await userEvent.selectOptions(screen.getByLabelText("Model"), "vit_b");
  expect(await screen.findByText(/3 images will be prepared again.*use MobileSAM/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Change model" }));
  expect(await screen.findByText("The project now uses SAM ViT-B.")).toBeTruthy();
  expect(sent.find((request) => request.method === "PATCH")?.body).toEqual({ model: "vit_b" });
});

test("selected images are assigned to an annotator", async () => {
  const sent = serve({
    ...answers,
    "POST /projects/p/assignments": {
      assigned: 2,
      left: 1,
      results: ["a", "b", "c"].map((id) => ({ image: id, outcome: id === "c" ? "left" : "assigned" })),
      undo: { first: 4, last: 5 },
    },
    "POST /projects/p/assignments/undo": { undone: 2, left: 0 },
  });
  tabIn(<ImagesTab />);
  await userEvent.click(await screen.findByLabelText("Select all images"));
  expect(screen.getByText("3 images selected")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Assign to…" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Ana" }));
  const toast = "2 images assigned to Ana. 1 submitted or finished image was left unchanged.";
  expect(await screen.findByText(toast)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Assign these too" }));
  await screen.findAllByText(toast);
  const given = { annotator: "u-m2", images: ["a", "b", "c"], include_finished: false };
  const sentTo = (end: string) => sent.filter(({ method, path }) => method === "POST" && path.endsWith(end));
  expect(sentTo("/assignments").map(({ body }) => body)).toEqual([
    given,
    { ...given, images: ["c"], include_finished: true },
  ]);
  await userEvent.click(screen.getAllByRole("button", { name: "Undo" })[0] as HTMLElement);
  expect(await screen.findByText("Undone.")).toBeTruthy();
  expect(sentTo("/undo")[0]?.body).toEqual({ first: 4, last: 5 });
});

test("a person is removed with what becomes of their images", async () => {
  const sent = serve({
    ...answers,
    "GET /members/m2/work": { open: 3, returned: 1, submitted: 2, skipped: 0, done: 9 },
    "DELETE /members/m2": {},
  });
  tabIn(<PeopleTab />);
  await userEvent.click(await screen.findByRole("button", { name: "Remove Ana" }));
  expect(await screen.findByText("Ana has 4 open images and 2 images in review.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(sent.some(({ method }) => method === "DELETE")).toBe(true));
});

test("selecting all ends where the rest cannot be asked for, and the page says why", async () => {
  // So many that the grid asks for no more by itself.
  const first = page(Array.from({ length: 200 }, (_, i) => image(`n${i}`)));
  const down = new Refusal(403, { status: 403, code: "permission_denied", detail: "You may not." });
  const sent = serve({
    ...answers,
    "GET /projects/p/images": ({ url }: { url: URL }) =>
      url.searchParams.has("cursor") ? down : { ...first, next: "/api/v1/projects/p/images?cursor=2" },
  });
  tabIn(<ImagesTab />);
  await userEvent.click(await screen.findByLabelText("Select all images"));
  expect(await screen.findByText("You may not.")).toBeTruthy();
  const asked = sent.length;
  await new Promise((done) => setTimeout(done, 100));
  expect(sent.length).toBe(asked);
});

test("whoever shows all images again finds the search empty", async () => {
  serve({
    ...answers,
    "GET /projects/p/images": ({ url }: { url: URL }) => page(url.searchParams.has("q") ? [] : [image("a")]),
  });
  tabIn(<ImagesTab />);
  await userEvent.type(await screen.findByLabelText("Search by name"), "zebra");
  await userEvent.click(await screen.findByRole("button", { name: "Show all images" }));
  expect(screen.getByLabelText<HTMLInputElement>("Search by name").value).toBe("");
});

test.each([
  { tab: <ClassesTab />, label: "Name of the new class", path: "classes", first: "Goat", next: "Cow" },
  { tab: <PeopleTab />, label: "Add a person", path: "members", first: "a@x.org", next: "b@x.org" },
])("what is typed next in $label stays when the one before is added", async (adding) => {
  let added: (answer: object) => void = () => {};
  const answer = () => new Promise((done) => (added = done));
  const sent = serve({ ...answers, [`POST /projects/p/${adding.path}`]: answer });
  const { client } = tabIn(adding.tab);
  const field = await screen.findByLabelText<HTMLInputElement>(adding.label);
  await userEvent.type(field, `${adding.first}{Enter}`);
  await waitFor(() => expect(sent.some(({ method }) => method === "POST")).toBe(true));
  await userEvent.clear(field);
  await userEvent.type(field, adding.next);
  added({ user: {} });
  await waitFor(() => expect(client.isMutating()).toBe(0));
  expect(field.value).toBe(adding.next);
});

test("who may only look gets no checkboxes", async () => {
  serve({ ...answers, "GET /projects/p/images": page([]) });
  tabIn(<ImagesTab />, ["project.view"]);
  expect(await screen.findByText(/A manager of the project brings them in/)).toBeTruthy();
  expect(screen.queryByLabelText("Select all images")).toBeNull();
});

test("a class that is in use is not deleted, and the server's sentence is shown", async () => {
  serve({
    ...answers,
    "DELETE /classes/c1": new Refusal(409, { code: "class_in_use", detail: "7 objects are labeled Sheep." }),
  });
  tabIn(<ClassesTab />);
  await userEvent.click(await screen.findByRole("button", { name: "Delete Sheep" }));
  await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
  expect(await screen.findByText("7 objects are labeled Sheep.")).toBeTruthy();
});

test("a person without an account gets an invitation link to be passed on", async () => {
  const added = { ...member("m3", "New", ["annotator"]), invite_url: "/invite#k-1" };
  const sent = serve({ ...answers, "POST /projects/p/members": added });
  tabIn(<PeopleTab />);
  await userEvent.type(await screen.findByLabelText("Add a person"), "New@x.org");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  const link = (await screen.findByLabelText("Invitation link")) as HTMLInputElement;
  expect(link.value).toBe("http://localhost:3000/invite#k-1");
  expect(sent.find((request) => request.method === "POST")?.body).toEqual({
    email: "New@x.org",
    roles: ["annotator"],
  });
});

test("of somebody who waits for verification only the address is shown, and nothing is assigned to them", async () => {
  const waiting = member("m3", "ceo", ["annotator"], { user: null, waits: true, email_verified: false });
  serve({ ...answers, "GET /projects/p/members": [waiting] });
  tabIn(<PeopleTab />);
  const row = (await screen.findByText("ceo@x.org")).closest("tr") as HTMLElement;
  expect(within(row).getByText("Waits for verification")).toBeTruthy();
  expect(within(row).queryByRole("button", { name: "Renew link" })).toBeNull();
  expect(within(row).getByRole("button", { name: "Remove ceo@x.org" })).toBeTruthy();
});

test("an invitation is renewed, which shows its link once, and withdrawn", async () => {
  const invited = (extra: object) => [
    member("m3", "New", ["annotator"], { invitation: { ...invitation, ...extra } }),
  ];
  const renewed = { by_mail: false, expires_at: "2099-01-01T00:00:00Z", invite_url: "/invite#k-2" };
  const served = {
    ...answers,
    "GET /projects/p/members": invited({ state: "expired" }),
    "POST /members/m3/invitation": renewed,
    "DELETE /members/m3/invitation": {},
  };
  const sent = serve(served);
  tabIn(<PeopleTab />);
  expect(await screen.findByText("Invitation expired")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Withdraw invitation" })).toBeNull();
  served["GET /projects/p/members"] = invited({});
  await userEvent.click(screen.getByRole("button", { name: "Renew link" }));
  const link = await screen.findByLabelText<HTMLInputElement>("New invitation link of New@x.org");
  expect(link.value).toBe("http://localhost:3000/invite#k-2");
  served["GET /projects/p/members"] = invited({ state: "withdrawn" });
  await userEvent.click(await screen.findByRole("button", { name: "Withdraw invitation" }));
  expect(await screen.findByText("Invitation withdrawn")).toBeTruthy();
  expect(screen.queryByLabelText("New invitation link of New@x.org")).toBeNull();
  expect(sent.map(({ method }) => method)).toContain("DELETE");
});

test("another's invitation cannot be renewed", async () => {
  const other = member("m3", "New", ["annotator"], { invitation: { ...invitation, may_renew: false } });
  serve({ ...answers, "GET /projects/p/members": [other] });
  tabIn(<PeopleTab />);
  expect(await screen.findByText(/^Invited, expires/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Renew link" })).toBeNull();
});

test("the last role of a member is not taken silently", async () => {
  const sent = serve(answers);
  tabIn(<PeopleTab />);
  const row = (await screen.findByText("Ana")).closest("tr") as HTMLElement;
  await userEvent.click(within(row).getByLabelText("Ana@x.org is annotator"));
  expect(await screen.findByText(/needs a role/)).toBeTruthy();
  expect(sent.some((request) => request.method === "PATCH")).toBe(false);
});

test("each kind of export says how many objects it would hold", async () => {
  serve(answers);
  tabIn(<ExportTab />);
  expect(await screen.findByLabelText("Accepted, by a reviewer or by policy · 2 objects")).toBeTruthy();
  expect(screen.getByLabelText("All but the rejected · 8 objects")).toBeTruthy();
  expect(screen.getByLabelText("All · 9 objects")).toBeTruthy();
});

test("why there was no export is said until what is asked for changes", async () => {
  const detail = "The project began later than that.";
  const sent = serve({
    ...answers,
    "POST /projects/p/exports": new Refusal(400, { status: 400, code: "too_early", detail }),
  });
  tabIn(<ExportTab />);
  const user = userEvent.setup();
  const make = () => user.click(screen.getByRole("button", { name: "Make export" }));
  const isSaid = () => screen.queryByText(detail) !== null;
  const changes = [
    () => user.click(screen.getByLabelText(/^All but the rejected/)),
    () => user.type(screen.getByLabelText("Name"), "June"),
    () => fireEvent.change(screen.getByLabelText("As it was at"), { target: { value: "2020-01-01T00:00" } }),
  ];
  for (const change of changes) {
    await make();
    await waitFor(() => expect(isSaid()).toBe(true));
    await change();
    expect(isSaid()).toBe(false);
  }
  expect(sent.filter(({ method }) => method === "POST")).toHaveLength(changes.length);
});
