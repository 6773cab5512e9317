import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { renderPage, serve } from "../../testing/page";
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

beforeEach(() => {
  stubBrowser();
  localStorage.clear();
});

function open() {
  cleanup();
  const sent = serve({
    "GET /me": me,
    "GET /images/i": image,
    "GET /images/i/annotations": [],
    "GET /images/i/neighbours": { previous: null, next: null, index: 0, total: 1 },
    "GET /projects/p": { ...project, permissions: ["project.view", "annotate", "comment"] },
    "GET /projects/p/classes": classes,
    "GET /images/i/comments": { results: [thread], next: null, previous: null },
    "POST /images/i/comments": ({ body }: { body: unknown }) => ({ ...thread, ...(body as object) }),
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
