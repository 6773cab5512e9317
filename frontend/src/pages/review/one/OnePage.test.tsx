import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { annotation } from "../../../model/testing";
import { keys } from "../../../server/keys";
import type { ReviewItem } from "../../../server/types";
import { pageOf, Refusal, renderPage, serve } from "../../../testing/page";
import { classes, image, me, project, stubBrowser } from "../../editor/testing";
import ReviewPage from "../ReviewPage";
import { GLANCE } from "./Looked";
import OnePage from "./OnePage";
import { claimed, item } from "./testing";

/** A queue that gives each mask once, except for those that the page has already. */
function queueOf(...items: ReviewItem[]) {
  const judged = new Set<string>();
  const next = ({ body }: { body: unknown }) => {
    const { skip, keep, count } = body as { skip: string[]; keep: string[]; count: number };
    const free = items.filter(({ id }) => !judged.has(id) && !skip.includes(id) && !keep.includes(id));
    return claimed(free.slice(0, count), items.length - judged.size);
  };
  const verdict = (id: string) => () => {
    judged.add(id);
    return { annotation: id, id: `v-${id}` };
  };
  const undo = (one: ReviewItem) => () => {
    judged.delete(one.id);
    return claimed([one]);
  };
  return {
    "POST /projects/p/review-queue/next": next,
    ...Object.fromEntries(items.map(({ id }) => [`POST /annotations/${id}/verdicts`, verdict(id)])),
    ...Object.fromEntries(items.map((one) => [`POST /verdicts/v-${one.id}/undo`, undo(one)])),
  };
}

/** Until what is shown has been on the screen for long enough to be judged. */
async function looked() {
  await waitFor(() => {
    const shown = document.querySelector("[data-judged-id]")?.getAttribute("data-judged-id");
    expect(document.querySelector(`[data-seen="${shown}"]`)).toBeTruthy();
  });
  await new Promise((done) => setTimeout(done, GLANCE + 20));
}

const talk = {
  id: "t",
  text: "fine ears",
  kind: "comment",
  annotation: "a",
  x: null,
  y: null,
  by: me,
  at: "2030-01-01T00:00:00Z",
  resolved_at: null,
  replies: [],
};

const box = (w: number): Pick<ReviewItem, "kind" | "segmentation" | "bbox"> => ({
  kind: "box",
  segmentation: null,
  bbox: [0, 0, w, 4],
});

/** A mask that was sent back in its first version and is twice as wide now. */
const again = (review: object) => ({
  ...queueOf(item("a", 0.41, { ...box(4), version: 2, review })),
  "GET /annotations/a/sent-back": {
    version: 1,
    reason: "Rough edge",
    comment: "",
    by: me,
    at: "2030-01-01T00:00:00Z",
    annotation: box(2),
  },
});

let browser: ReturnType<typeof stubBrowser>;
beforeEach(() => {
  browser = stubBrowser();
});

function open(changed: Record<string, unknown>, query = "") {
  const sent = serve({
    "GET /me": me,
    "GET /projects/p": project,
    "GET /projects/p/classes": classes,
    "GET /images/i/annotations": pageOf([]),
    "GET /images/i/comments": { results: [], next: null, previous: null },
    "POST /images/i/prioritise": {},
    ...changed,
  });
  const { client } = renderPage(<ReviewPage />, {
    path: "/projects/:id/review",
    at: `/projects/p/review${query}`,
    child: <OnePage />,
  });
  const verdicts = () =>
    sent.filter(({ path }) => path.endsWith("/verdicts")).map(({ path, body }) => ({ path, body }));
  return { client, verdicts, sent, user: userEvent.setup() };
}

describe("the review page", () => {
  test("A accepts the version that was seen and the next one comes by itself", async () => {
    const { verdicts, user } = open(queueOf(item("a", 0.41), item("b", 0.66)));
    expect(await screen.findByText("0.41")).toBeTruthy();
    expect(screen.getByText("2 waiting")).toBeTruthy();
    await looked();
    await user.keyboard("a");
    expect(await screen.findByText("0.66")).toBeTruthy();
    await waitFor(() =>
      expect(verdicts()).toMatchObject([
        { path: "/annotations/a/verdicts", body: { verdict: "accepted", version: 1 } },
      ]),
    );
  });

  test("X asks for a reason, one key gives it", async () => {
    const { verdicts, user } = open(queueOf(item("a", 0.41), item("b", 0.66)));
    await screen.findByText("0.41");
    await looked();
    await user.keyboard("x");
    await user.type(screen.getByLabelText("Comment for the annotator"), "see the 2nd ear");
    await user.click(screen.getByRole("button", { name: /Wrong object/ }));
    await screen.findByText("0.66");
    await looked();
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

  test("C comments on the mask, which stays to be judged", async () => {
    const { sent, user } = open({ ...queueOf(item("a", 0.41)), "POST /images/i/comments": talk });
    await screen.findByText("0.41");
    await user.keyboard("c");
    await user.type(screen.getByLabelText("What is to be said of it?"), "fine ears");
    await user.click(screen.getByRole("button", { name: /^Comment\b(?!…)/ }));
    await waitFor(() =>
      expect(
        sent.find(({ method, path }) => method === "POST" && path.endsWith("/comments"))?.body,
      ).toMatchObject({ annotation: "a", text: "fine ears" }),
    );
    expect(screen.getByText("0.41")).toBeTruthy();
  });

  test("what was sent back and came again is shown before and after, on the stage by B", async () => {
    const review = { verdict: "rejected", reason: "Rough edge", comment: "", by: me, version: 1 };
    const { user } = open(again(review));
    expect(await screen.findByText(`Since ${me.name} sent it back: rough edge`)).toBeTruthy();
    expect(screen.getByText("0.500")).toBeTruthy();
    expect(screen.getByText("8 px more")).toBeTruthy();
    await user.keyboard("b");
    expect(screen.getByRole("application", { name: "What was sent back" })).toBeTruthy();
    expect(screen.getByText("IoU 0.500")).toBeTruthy();
    await user.keyboard("b");
    expect(screen.queryByRole("application", { name: "What was sent back" })).toBeNull();
  });

  test("of what is judged already B shows what was sent back too, and no key judges it", async () => {
    const review = { verdict: "accepted", reason: "", comment: "", by: me, version: 2 };
    const mended = item("a", 0.41, { ...box(4), version: 2, state: "accepted", review });
    const { user, verdicts } = open(
      {
        ...again(review),
        "GET /projects/p/review-queue": { results: [mended], next: null, previous: null, waiting: 0 },
        "GET /images/i": image,
      },
      "?verdict=accepted",
    );
    expect(await screen.findByText("Judged already: to be looked at only")).toBeTruthy();
    expect(await screen.findByText(`Since ${me.name} sent it back: rough edge`)).toBeTruthy();
    const beside = () => screen.queryByRole("application", { name: "What was sent back" });
    expect(beside()).toBeNull();
    await user.keyboard("b");
    expect(beside()).toBeTruthy();
    await user.keyboard("abx1");
    expect(beside()).toBeNull();
    expect(verdicts()).toEqual([]);
  });

  test("a second reviewer sees what the first one sent back, and has accepted since", async () => {
    const review = { verdict: "accepted", reason: "", comment: "", by: me, version: 2 };
    open(again(review));
    expect(await screen.findByText(`Since ${me.name} sent it back: rough edge`)).toBeTruthy();
  });

  test("nothing is asked of a mask that nobody has sent back", async () => {
    const { sent } = open(queueOf(item("a", 0.41, { version: 3 })));
    await screen.findByText("0.41");
    expect(sent.filter(({ path }) => path.endsWith("/sent-back"))).toEqual([]);
    expect(screen.queryByRole("button", { name: /Before \/ after/ })).toBeNull();
  });

  test("Z takes the last verdict back and shows its mask again", async () => {
    const { sent, user } = open(queueOf(item("a", 0.41), item("b", 0.66)));
    await screen.findByText("0.41");
    await looked();
    await user.keyboard("a");
    await screen.findByText("0.66");
    await user.keyboard("z");
    expect(await screen.findByText("0.41")).toBeTruthy();
    await waitFor(() => expect(sent.map(({ path }) => path)).toContain("/verdicts/v-a/undo"));
  });

  test("O shows the mask in another way, and the next mask too", async () => {
    const { user } = open(queueOf(item("a", 0.41), item("b", 0.66)));
    await screen.findByText("0.41");
    const pressed = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-pressed");
    expect(pressed("Fill")).toBe("true");
    await user.keyboard("ooo");
    expect(pressed("Side by side")).toBe("true");
    await user.keyboard("j");
    await screen.findByText("0.66");
    expect(pressed("Side by side")).toBe("true");
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
    const detail = "Anna is looking at this mask.";
    const { user } = open({
      ...queueOf(item("a", 0.41), item("b", 0.66)),
      "POST /annotations/a/verdicts": new Refusal(409, { status: 409, code: "claimed", detail }),
    });
    await screen.findByText("0.41");
    await looked();
    await user.keyboard("a");
    expect(await screen.findByText("0.66")).toBeTruthy();
    expect(await screen.findByText(detail)).toBeTruthy();
  });

  test("a change is said of the mask that is shown by the time it has arrived, and of no other", async () => {
    const first = item("a", 0.41);
    let arrive: (changed: ReviewItem) => void = () => {};
    const changed = new Promise<ReviewItem>((done) => {
      arrive = done;
    });
    const { user, sent } = open({ ...queueOf(first, item("b", 0.66)), "GET /annotations/a": () => changed });
    await screen.findByText("0.41");
    const actor = { id: "u-other", name: "Ana" };
    browser.emit("annotation.changed", { project: "p", image: "i", object: "a", actor, data: {} });
    await waitFor(() => expect(sent.map(({ path }) => path)).toContain("/annotations/a"));
    await user.keyboard("j");
    await screen.findByText("0.66");
    arrive({ ...first, confidence: 0.42, version: 2 });
    await user.keyboard("o");
    await new Promise((done) => setTimeout(done, 20));
    expect(screen.queryByText(/look at it again/)).toBeNull();
    await user.keyboard("k");
    expect(await screen.findByText("0.42")).toBeTruthy();
  });

  test("whoever pauses while they type words of the search goes on typing them, and judges nothing", async () => {
    const { user, verdicts, sent } = open(queueOf(item("a", 0.41)));
    await screen.findByText("0.41");
    await looked();
    const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: /^Words of an image/ });
    await user.type(field(), "yellow ");
    await new Promise((done) => setTimeout(done, 600));
    await screen.findByText("0.41");
    await looked();
    await user.keyboard("cat");
    expect(field().value).toBe("yellow cat");
    expect(verdicts()).toEqual([]);
    await user.keyboard("{Enter}");
    const asked = () => sent.flatMap(({ body }) => (body as { q?: string } | undefined)?.q ?? []);
    await waitFor(() => expect(asked()[0]).toBe("yellow cat"));
  });

  test("the page stays when the project cannot be asked for anew", async () => {
    let down = false;
    const { client } = open({
      ...queueOf(item("a", 0.41)),
      "GET /projects/p": () =>
        down ? new Refusal(503, { status: 503, code: "down", detail: "Restarting." }) : project,
    });
    await screen.findByText("0.41");
    down = true;
    await client.refetchQueries({ queryKey: keys.project("p"), exact: true });
    expect(client.getQueryState(keys.project("p"))?.error).toBeTruthy();
    await new Promise((done) => setTimeout(done, 20));
    expect(screen.getByText("0.41")).toBeTruthy();
  });

  test("a judged mask whose image cannot be asked for says so", async () => {
    const judged = item("a", 0.41, { state: "accepted" });
    open(
      {
        "GET /projects/p/review-queue": { results: [judged], next: null, previous: null, waiting: 0 },
        "GET /images/i": new Refusal(503, { status: 503, code: "down", detail: "Restarting." }),
      },
      "?verdict=accepted",
    );
    expect(await screen.findByText("Restarting.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });

  test("a command can be given another key, which then does it", async () => {
    localStorage.clear();
    const { verdicts, user } = open(queueOf(item("a", 0.41)));
    await screen.findByText("0.41");
    await user.keyboard("?");
    await user.click(await screen.findByRole("button", { name: "Change the key of: Accept" }));
    await user.keyboard("x");
    expect(await screen.findByText(/is the key of “Reject, for a reason”/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Leave it" }));
    await user.click(screen.getByRole("button", { name: "Change the key of: Accept" }));
    await user.keyboard("g{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await looked();
    await user.keyboard("ag");
    await waitFor(() => expect(verdicts()).toMatchObject([{ body: { verdict: "accepted" } }]));
    localStorage.clear();
  });

  test("the address says which part of the queue is asked for", async () => {
    const { sent } = open(queueOf(item("a", 0.41)), "?class_id=sheep&confidence_max=0.5&other=1");
    await screen.findByText("0.41");
    const [asked] = sent.filter(({ path }) => path.endsWith("/review-queue/next"));
    expect(asked?.body).toMatchObject({ class_id: "sheep", confidence_max: "0.5" });
    expect(asked?.body).not.toHaveProperty("other");
  });

  test("an empty queue says so", async () => {
    open(queueOf());
    expect(await screen.findByRole("heading", { name: "Nothing waits for review" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Back to the project" })).toBeTruthy();
  });

  test("filters that nothing matches are something else, and can be cleared", async () => {
    const { user } = open(
      {
        ...queueOf(),
        "POST /projects/p/review-queue/next": ({ body }: { body: object }) =>
          "q" in body ? claimed([], 2) : claimed([item("a", 0.41)], 2),
      },
      "?q=zebra",
    );
    expect(await screen.findByRole("heading", { name: "Nothing matches these filters" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Clear the filters" }));
    expect(await screen.findByText("0.41")).toBeTruthy();
  });

  test("filters that cannot be are explained", async () => {
    const detail = "The lower bound of the confidence is above the upper one.";
    open({
      "POST /projects/p/review-queue/next": new Refusal(400, { status: 400, code: "invalid", detail }),
    });
    expect(await screen.findByText(detail)).toBeTruthy();
  });

  test("who may not review is told so", async () => {
    open({ ...queueOf(), "GET /projects/p": { ...project, permissions: ["project.view"] } });
    expect(await screen.findByRole("heading", { name: "Review is for reviewers" })).toBeTruthy();
  });
});

test("Escape while a fix is being saved does not have the mask accepted as it was", async () => {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const masks = { ...box(4), confidence: 0.41 };
  const { user, verdicts, sent } = open({
    ...queueOf(item("a", 0.41, masks)),
    "GET /images/i": image,
    "GET /images/i/annotations": pageOf([annotation({ id: "a", ...masks })]),
    "POST /images/i/changes": async ({ body }: { body: { update: object[] } }) => {
      await asked;
      return {
        annotations: body.update.map((each) => annotation({ ...masks, ...each, version: 2 })),
        deleted: [],
      };
    },
  });
  await looked();
  await user.keyboard("e");
  await screen.findByRole("toolbar", { name: "Tools" });
  await user.keyboard("v{ArrowRight}{Enter}");
  await screen.findByRole("button", { name: /^Saving…/ });
  await user.keyboard("{Escape}");
  answer();
  await waitFor(() => expect(verdicts()).toHaveLength(1));
  const changes = sent.filter(({ path }) => path.endsWith("/changes"));
  expect(changes).toHaveLength(1);
});
