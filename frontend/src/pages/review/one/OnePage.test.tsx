import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { annotation } from "../../../model/testing";
import { Refusal, renderPage, serve } from "../../../testing/page";
import { classes, image, me, project, stubBrowser } from "../../editor/testing";
import ReviewPage from "../ReviewPage";
import OnePage from "./OnePage";

const item = (id: string, confidence: number) => ({
  ...annotation({ id, confidence, state: "submitted" }),
  image: "i",
  image_detail: image,
  approved: false,
});

const claimed = (...results: unknown[]) => ({ results, until: "2030-01-01T00:00:00Z", waiting: 2 });

/** A queue that gives each mask once, except for those to be skipped. */
function queueOf(...items: ReturnType<typeof item>[]) {
  const judged = new Set<string>();
  const next = ({ body }: { body: unknown }) => {
    const { skip } = body as { skip: string[] };
    return claimed(...items.filter(({ id }) => !judged.has(id) && !skip.includes(id)).slice(0, 1));
  };
  const verdict = (id: string) => () => {
    judged.add(id);
    return { annotation: id };
  };
  return {
    "POST /projects/p/review-queue/next": next,
    ...Object.fromEntries(items.map(({ id }) => [`POST /annotations/${id}/verdicts`, verdict(id)])),
  };
}

beforeEach(() => void stubBrowser());

function open(changed: Record<string, unknown>) {
  const sent = serve({
    "GET /me": me,
    "GET /projects/p": project,
    "GET /projects/p/classes": classes,
    "GET /images/i/annotations": [],
    ...changed,
  });
  renderPage(<ReviewPage />, {
    path: "/projects/:id/review",
    at: "/projects/p/review",
    child: <OnePage />,
  });
  const verdicts = () =>
    sent.filter(({ path }) => path.endsWith("/verdicts")).map(({ path, body }) => ({ path, body }));
  return { verdicts, user: userEvent.setup() };
}

describe("the review page", () => {
  test("A accepts the version that was seen and the next one comes by itself", async () => {
    const { verdicts, user } = open(queueOf(item("a", 0.41), item("b", 0.66)));
    expect(await screen.findByText("0.41")).toBeTruthy();
    expect(screen.getByText(/2 waiting/)).toBeTruthy();
    await user.keyboard("a");
    expect(await screen.findByText("0.66")).toBeTruthy();
    expect(verdicts()).toMatchObject([
      { path: "/annotations/a/verdicts", body: { verdict: "accepted", version: 1 } },
    ]);
  });

  test("X asks for a reason, one key gives it", async () => {
    const { verdicts, user } = open(queueOf(item("a", 0.41), item("b", 0.66)));
    await screen.findByText("0.41");
    await user.keyboard("x");
    await user.type(screen.getByLabelText("Comment for the annotator"), "see the 2nd ear");
    await user.click(screen.getByRole("button", { name: /Wrong object/ }));
    await screen.findByText("0.66");
    await user.keyboard("x1");
    await waitFor(() => expect(verdicts()).toHaveLength(2));
    expect(verdicts().map(({ body }) => body)).toMatchObject([
      { verdict: "rejected", reason: "Wrong object", comment: "see the 2nd ear" },
      { verdict: "rejected", reason: "Rough edge", comment: "" },
    ]);
  });

  test("Escape takes the question back", async () => {
    const { verdicts, user } = open(queueOf(item("a", 0.41)));
    await screen.findByText("0.41");
    await user.keyboard("x{Escape}");
    expect(screen.queryByText("Why?")).toBeNull();
    expect(verdicts()).toEqual([]);
  });

  test("J passes a mask over, K goes back to it", async () => {
    const { user } = open(queueOf(item("a", 0.41), item("b", 0.66)));
    await screen.findByText("0.41");
    await user.keyboard("j");
    await screen.findByText("0.66");
    await user.keyboard("k");
    expect(await screen.findByText("0.41")).toBeTruthy();
  });

  test("a verdict that came too late says so and goes on", async () => {
    const detail = "Anna changed this mask in the meantime.";
    const queue = queueOf(item("b", 0.66));
    let first = true;
    const { user } = open({
      ...queue,
      "POST /projects/p/review-queue/next": (request: { body: unknown }) => {
        const answer = first
          ? claimed(item("a", 0.41))
          : queue["POST /projects/p/review-queue/next"](request);
        first = false;
        return answer;
      },
      "POST /annotations/a/verdicts": new Refusal(409, { status: 409, code: "stale_verdict", detail }),
    });
    await screen.findByText("0.41");
    await user.keyboard("a");
    expect(await screen.findByText("0.66")).toBeTruthy();
    expect(screen.getByText(detail)).toBeTruthy();
  });

  test("an empty queue says so", async () => {
    open(queueOf());
    expect(await screen.findByRole("heading", { name: "Nothing waits for review" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Back to the project" })).toBeTruthy();
  });

  test("who may not review is told so", async () => {
    open({ ...queueOf(), "GET /projects/p": { ...project, permissions: ["project.view"] } });
    expect(await screen.findByRole("heading", { name: "Review is for reviewers" })).toBeTruthy();
  });
});
