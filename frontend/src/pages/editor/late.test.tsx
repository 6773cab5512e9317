import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { annotation } from "../../model/testing";
import { pageOf, Refusal, renderPage, serve } from "../../testing/page";
import EditorPage from "./EditorPage";
import { classes, image, me, project, stubBrowser } from "./testing";

let browser: ReturnType<typeof stubBrowser>;
beforeEach(() => {
  browser = stubBrowser();
});

let people = 0;
async function open(changed: Record<string, unknown> = {}) {
  const id = `late-${++people}`;
  const assignment = { id: "work", annotator: { id, name: "Anna" }, state: "open" };
  const sent = serve({
    "GET /me": { ...me, id },
    "GET /images/i": { ...image, assignment },
    "GET /images/j": { ...image, id: "j", name: "goat.jpg", assignment },
    "GET /projects/p": project,
    "GET /projects/p/classes": classes,
    "GET /images/i/annotations": pageOf([
      annotation({ id: "old", number: 1, created_by: { id, name: "Anna" } }),
    ]),
    "GET /images/j/annotations": pageOf([]),
    "GET /images/i/neighbours": { previous: "h", next: "j", index: 2, total: 12 },
    "GET /images/j/neighbours": { previous: "i", next: "k", index: 3, total: 12 },
    "GET /me/assignments": [],
    "POST /images/i/active-time": {},
    ...changed,
  });
  const others = [{ path: "/projects/p", element: <p>The project</p> }];
  const { router } = renderPage(<EditorPage />, { path: "/images/:id", at: "/images/i?from=mine", others });
  await screen.findByRole("application");
  if (!("GET /images/i/neighbours" in changed)) await screen.findByText("3 of 12");
  return { sent, router, user: userEvent.setup() };
}

/** An answer that comes when it is told to. */
function held() {
  let give = (_: unknown) => {};
  const answer = new Promise<unknown>((resolve) => {
    give = resolve;
  });
  return { answer, give };
}

const down = new Refusal(503, { status: 503, code: "down", detail: "The server is starting." });
const loggedOut = new Refusal(401, { status: 401, code: "not_authenticated", detail: "Log in." });
const gone = new Refusal(404, { status: 404, code: "not_found", detail: "No such image." });

describe("news that cannot be fetched", () => {
  test.each([
    ["the server is away", down],
    ["nobody is logged in", loggedOut],
  ])("leave the editor and its undo where they are while %s", async (_, refusal) => {
    let answer: unknown = null;
    const { sent, user } = await open({ "GET /projects/p": () => answer ?? project });
    await user.click(screen.getByRole("button", { name: "Delete Sheep 1" }));
    answer = refusal;
    const asked = () => sent.filter(({ path }) => path === "/projects/p").length;
    const before = asked();
    browser.emit("project.changed", {});
    await waitFor(() => expect(asked()).toBeGreaterThan(before));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(screen.getByRole("button", { name: /^Undo deletion/ })).toBeDefined();
  });

  test("of an image that was deleted say so", async () => {
    let answer: unknown = null;
    await open({ "GET /images/i": () => answer ?? { ...image, assignment: null } });
    answer = gone;
    browser.emit("assignment.changed", { image: "i" });
    expect(await screen.findByRole("heading", { name: "There is no such image" })).toBeDefined();
  });
});

describe("whoever goes on while the image is being submitted", () => {
  /** Answers the router where they are by then, and how the submit is answered. */
  const goneOn = async () => {
    const { answer, give } = held();
    const { sent, router, user } = await open({ "POST /assignments/work/submit": () => answer });
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent.some(({ path }) => path.endsWith("/submit"))).toBe(true));
    await router.navigate("/projects/p");
    await screen.findByText("The project");
    return { router, give };
  };

  test("stays where they went", async () => {
    const { router, give } = await goneOn();
    give({ id: "work" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(router.state.location.pathname).toBe("/projects/p");
  });

  test("is told when it was refused", async () => {
    const { give } = await goneOn();
    give(new Refusal(409, { status: 409, code: "rejected_unchanged", detail: "1 rejected annotation." }));
    expect(await screen.findByText("sheep.jpg was not submitted. 1 rejected annotation.")).toBeDefined();
  });
});

describe("a skip on its way", () => {
  const skipping = async (answer: Promise<unknown>) => {
    const page = await open({ "POST /assignments/work/skip": () => answer });
    await page.user.keyboard("{Shift>}x{/Shift}");
    await page.user.click(await screen.findByRole("button", { name: "Too dark or blurred" }));
    await page.user.click(screen.getByRole("button", { name: "Skip the image" }));
    await waitFor(() => expect(page.sent.some(({ path }) => path.endsWith("/skip"))).toBe(true));
    return page;
  };
  const refused = new Refusal(409, { status: 409, code: "conflict", detail: "It is reviewed." });

  test("tells why it was refused also where its dialog is closed by then", async () => {
    const { answer, give } = held();
    const { user } = await skipping(answer);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Skip the image" })).toBeNull());
    give(refused);
    expect(await screen.findByText("The image was not skipped. It is reviewed.")).toBeDefined();
  });

  test("moves nobody who went elsewhere meanwhile", async () => {
    const { answer, give } = held();
    const { router } = await skipping(answer);
    await router.navigate("/projects/p");
    await screen.findByText("The project");
    give({ id: "work" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(router.state.location.pathname).toBe("/projects/p");
  });
});

describe("where to go on to after a submit", () => {
  const submitted = { "POST /assignments/work/submit": { id: "work" } };

  test("is asked first where it is not known yet", async () => {
    const { answer, give } = held();
    const { sent, router, user } = await open({ ...submitted, "GET /images/i/neighbours": () => answer });
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent.some(({ path }) => path.endsWith("/submit"))).toBe(true));
    give({ previous: null, next: "j", index: 2, total: 12 });
    await waitFor(() => expect(router.state.location.pathname).toBe("/images/j"));
  });

  test("is not said to be nowhere where it cannot be asked", async () => {
    const { sent, user } = await open({ ...submitted, "GET /images/i/neighbours": down });
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent.some(({ path }) => path.endsWith("/submit"))).toBe(true));
    expect(await screen.findByText("The server is starting.")).toBeDefined();
    expect(screen.queryByRole("heading", { name: "All done" })).toBeNull();
  });
});

test("keys that are held do not submit the next image too", async () => {
  const { sent } = await open({ "POST /assignments/work/submit": { id: "work" } });
  fireEvent.keyDown(window, { key: "Enter", ctrlKey: true, repeat: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sent.some(({ path }) => path.endsWith("/submit"))).toBe(false);
});

test("a submit that waits for edits to be saved says so until they are, then that it can be done", async () => {
  let answer: unknown = down;
  const { user } = await open({ "POST /images/i/changes": () => answer });
  await user.click(screen.getByRole("button", { name: "Delete Sheep 1" }));
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByText(/Not everything is saved yet/)).toBeDefined();
  answer = { annotations: [], deleted: ["old"] };
  await user.click(screen.getByRole("button", { name: "Try now" }));
  await waitFor(() => expect(screen.getByTestId("save-state").textContent).toBe("Saved"));
  expect(screen.queryByText(/Not everything is saved yet/)).toBeNull();
  expect(screen.getByText(/Everything is saved by now/)).toBeDefined();
});

test("two hundred images that are given to people ask the server a few things, not two hundred times", async () => {
  const { sent } = await open();
  const before = sent.length;
  for (let i = 0; i < 200; i++) browser.emit("assignment.changed", { image: `other-${i}` });
  await waitFor(() => expect(sent.slice(before).some(({ path }) => path.endsWith("/neighbours"))).toBe(true));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(sent.slice(before).filter(({ path }) => path === "/images/i").length).toBeLessThan(4);
});

describe("the copy of the previous image", () => {
  const theirs = [annotation({ id: "x", class_id: "grass" })];

  test("leaves what is under way as it is", async () => {
    const { answer, give } = held();
    const { user } = await open({ "GET /images/h/annotations": () => answer });
    await user.keyboard("p{Shift>}d{/Shift}");
    const canvas = screen.getByRole("application");
    fireEvent.pointerDown(canvas, { clientX: 2, clientY: 2, button: 0, pointerId: 1 });
    fireEvent.pointerUp(canvas, { clientX: 2, clientY: 2, button: 0, pointerId: 1 });
    expect(screen.getByText(/Backspace takes one back/)).toBeDefined();
    give(pageOf(theirs));
    expect(await screen.findByRole("button", { name: /^Grass 2/ })).toBeDefined();
    expect(screen.getByText(/Backspace takes one back/)).toBeDefined();
  });

  test("is made once, also where it is asked for again before it has come", async () => {
    const { answer, give } = held();
    const { user } = await open({ "GET /images/h/annotations": () => answer });
    await user.keyboard("{Shift>}dd{/Shift}");
    give(pageOf(theirs));
    expect(await screen.findByRole("button", { name: /^Grass 2/ })).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(screen.queryByRole("button", { name: /^Grass 3/ })).toBeNull();
  });
});

test("what failed and cannot be tried again says why", async () => {
  const failed = { ...image, embedding: { state: "failed", error: "out of memory" } };
  const { user } = await open({ "GET /images/i": failed, "POST /images/i/retry": down });
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("The server is starting.")).toBeDefined();
});

describe("the list of objects", () => {
  test("leaves the object selected that a double click zooms to", async () => {
    const { user } = await open();
    await user.dblClick(screen.getByRole("button", { name: /^Sheep 1/ }));
    expect(screen.getByRole("button", { name: /^Sheep 1/, pressed: true })).toBeDefined();
  });

  test("gives the keys back to the image with the object that is deleted by them", async () => {
    const { user } = await open();
    screen.getByRole("button", { name: "Delete Sheep 1" }).focus();
    await user.keyboard("{Enter}");
    expect(screen.queryByRole("button", { name: "Delete Sheep 1" })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("application"));
  });
});
