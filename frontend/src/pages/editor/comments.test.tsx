import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { pageOf, Refusal, renderPage, serve } from "../../testing/page";
import EditorPage from "./EditorPage";
import { classes, image, me, project, stubBrowser } from "./testing";

const said = (id: string, text: string) => ({
  id,
  by: { id: "rui", name: "Rui" },
  at: "2026-01-01T00:00:00Z",
  text,
  edited_at: null,
});
const thread = {
  ...said("t", "Is this a sheep?"),
  kind: "comment",
  x: 1,
  y: 1,
  annotation: null,
  replies: [],
  resolved_at: null,
  resolved_by: null,
};

let browser: ReturnType<typeof stubBrowser>;
beforeEach(() => {
  browser = stubBrowser();
  localStorage.clear();
});

function open(changed: Record<string, unknown> = {}) {
  cleanup();
  const sent = serve({
    "GET /me": me,
    "GET /images/i": image,
    "GET /images/i/annotations": pageOf([]),
    "GET /images/i/neighbours": { previous: null, next: null, index: 0, total: 1 },
    "GET /projects/p": { ...project, permissions: ["project.view", "annotate", "comment"] },
    "GET /projects/p/classes": classes,
    "GET /images/i/comments": { results: [thread], next: null, previous: null },
    "POST /images/i/comments": ({ body }: { body: unknown }) => ({ ...thread, ...(body as object) }),
    ...changed,
  });
  renderPage(<EditorPage />, { path: "/images/:id", at: "/images/i" });
  return { sent, user: userEvent.setup() };
}

async function click(x: number, y: number) {
  const target = await screen.findByRole("application");
  fireEvent.pointerDown(target, { clientX: x, clientY: y, button: 0, pointerId: 1 });
  fireEvent.pointerUp(target, { clientX: x, clientY: y, button: 0, pointerId: 1 });
}

const field = (name: string) => screen.findByRole("textbox", { name });
const begun = () => screen.findByRole("button", { name: /^Comments \d+.*unfinished$/ });

describe("a comment that is not sent", () => {
  test("is there again where it was, and gone once it is sent", async () => {
    const { user } = open();
    await screen.findByRole("application");
    await user.keyboard("c");
    await click(4, 4);
    await user.type(await field("What is to be said?"), "Is this");

    const again = open();
    await again.user.click(await begun());
    expect(await field("What is to be said?")).toHaveProperty("value", "Is this");
    await again.user.type(await field("What is to be said?"), " one too?");
    await again.user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() =>
      expect(again.sent.find(({ method }) => method === "POST")?.body).toMatchObject({
        x: 4,
        y: 4,
        text: "Is this one too?",
      }),
    );
    open();
    const tab = await screen.findByRole("button", { name: /^Comments 1/ });
    expect(tab.textContent).not.toContain("unfinished");
    expect(localStorage.getItem("maskwright:comment-drafts:anna:i")).toBeNull();
  });

  test("keeps its words when another place is clicked or Esc pressed, and loses them by Cancel", async () => {
    const { user } = open();
    await screen.findByRole("application");
    await user.keyboard("c");
    await click(4, 4);
    await user.type(await field("What is to be said?"), "Is this");
    await click(2, 3);
    expect(await field("What is to be said?")).toHaveProperty("value", "Is this");
    await user.keyboard("{Escape}");
    await user.click(await begun());
    expect(await field("What is to be said?")).toHaveProperty("value", "Is this");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(screen.queryByRole("textbox", { name: "What is to be said?" })).toBeNull();
    expect(localStorage.getItem("maskwright:comment-drafts:anna:i")).toBeNull();
  });

  test("is kept for each thread that is answered", async () => {
    const { user } = open();
    await user.click(await screen.findByRole("button", { name: /^Comments 1/ }));
    await user.click(await screen.findByRole("button", { name: /A place/ }));
    await user.type(await field("Answer"), "No, a");

    const again = open();
    await again.user.click(await begun());
    await again.user.click(await screen.findByRole("button", { name: /A place.*unfinished/ }));
    expect(await field("Answer")).toHaveProperty("value", "No, a");
  });
});

const down = new Refusal(503, { status: 503, code: "down", detail: "The server is starting." });

/** An answer that comes when it is told to. */
function held() {
  let give = () => {};
  const wait = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { wait, give };
}

describe("a comment that is on its way", () => {
  test("takes no words with it that were written meanwhile", async () => {
    const { wait, give } = held();
    const answered = { ...thread, replies: [said("r", "No.")] };
    const { user, sent } = open({ "POST /images/i/comments": () => wait.then(() => answered) });
    await user.click(await screen.findByRole("button", { name: /^Comments 1/ }));
    await user.click(await screen.findByRole("button", { name: /A place/ }));
    await user.type(await field("Answer"), "No.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent.some(({ method }) => method === "POST")).toBe(true));
    await user.type(await field("Answer"), "But");
    expect(await field("Answer")).toHaveProperty("value", "No.");
    give();
    await screen.findByText("No.", { selector: "p" });
    expect(await field("Answer")).toHaveProperty("value", "");
    await user.type(await field("Answer"), "But look there");
    expect(await field("Answer")).toHaveProperty("value", "But look there");
  });

  test("leaves alone the next one, which is begun elsewhere meanwhile", async () => {
    const { wait, give } = held();
    const answer = ({ body }: { body: unknown }) => wait.then(() => ({ ...thread, ...(body as object) }));
    const { user, sent } = open({ "POST /images/i/comments": answer });
    await screen.findByRole("application");
    await user.keyboard("c");
    await click(4, 4);
    await user.type(await field("What is to be said?"), "A goat.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent.some(({ method }) => method === "POST")).toBe(true));
    await click(2, 3);
    give();
    await screen.findByText("A goat.", { selector: "p" });
    expect(await field("What is to be said?")).toHaveProperty("value", "");
    await user.type(await field("What is to be said?"), "A cow.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent.filter(({ method }) => method === "POST").length).toBe(2));
    expect(sent.filter(({ method }) => method === "POST")[1]?.body).toMatchObject({ x: 2, text: "A cow." });
  });

  test("gives the keys back to the image once it is sent", async () => {
    const { user } = open();
    const canvas = await screen.findByRole("application");
    await user.keyboard("c");
    await click(4, 4);
    await user.type(await field("What is to be said?"), "A goat.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(screen.queryByRole("textbox", { name: "What is to be said?" })).toBeNull());
    expect(document.activeElement).toBe(canvas);
  });
});

test("a comment that was begun and whose words were taken away again leaves no pin", async () => {
  const { user } = open();
  await screen.findByRole("application");
  await user.keyboard("c");
  await click(4, 4);
  await user.type(await field("What is to be said?"), "A{Backspace}{Escape}");
  expect(screen.queryByRole("textbox", { name: "What is to be said?" })).toBeNull();
  expect(screen.queryByText("+")).toBeNull();
});

test("comments that cannot be fetched anew stay, with the answer that is being written", async () => {
  let answer: unknown = { results: [thread], next: null, previous: null };
  const { user, sent } = open({ "GET /images/i/comments": () => answer });
  await user.click(await screen.findByRole("button", { name: /^Comments 1/ }));
  await user.click(await screen.findByRole("button", { name: /A place/ }));
  const answerField = await field("Answer");
  await user.type(answerField, "No, a");
  answer = down;
  const asked = () =>
    sent.filter(({ method, path }) => method === "GET" && path.endsWith("/comments")).length;
  const before = asked();
  browser.emit("comment.created", { image: "i" });
  await waitFor(() => expect(asked()).toBeGreaterThan(before));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(document.activeElement).toBe(answerField);
});

test("a comment that cannot be taken back says why", async () => {
  const own = { ...thread, by: { id: "anna", name: "Anna" } };
  const detail = "Somebody has answered, so it stays.";
  const { user } = open({
    "GET /images/i/comments": { results: [own], next: null, previous: null },
    "DELETE /comments/t": new Refusal(409, { status: 409, code: "answered", detail }),
  });
  await user.click(await screen.findByRole("button", { name: /^Comments 1/ }));
  await user.click(await screen.findByRole("button", { name: /A place/ }));
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  expect(await screen.findByText(detail)).toBeDefined();
});
