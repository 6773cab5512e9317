import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { annotation } from "../../model/testing";
import type { Readiness } from "../../server/types";
import { browserStore } from "../../sync/outboxStore";
import { pageOf, Refusal, renderPage, serve } from "../../testing/page";
import EditorPage from "./EditorPage";
import { classes, image, me, project, stubBrowser } from "./testing";

const candidate = (score: number) => ({
  segmentation: { size: [8, 8], counts: "0260`1" },
  bbox: [0, 0, 2, 2],
  area: 4,
  score,
  stability_score: 0.9,
  logits: `logits ${score}`,
});

const answers = {
  "GET /projects/p": project,
  "GET /projects/p/classes": classes,
  "GET /images/i/neighbours": { previous: null, next: "j", index: 2, total: 12 },
  "POST /images/i/predict": {
    candidates: [candidate(0.98), candidate(0.56)],
    preferred: 0,
    model: "mobile_sam",
  },
  "POST /images/i/changes": ({ body }: { body: unknown }) => {
    const { create } = body as { create: object[] };
    return { annotations: create.map((fields) => annotation(fields)), deleted: [] };
  },
};

let browser: ReturnType<typeof stubBrowser>;
beforeEach(() => {
  browser = stubBrowser();
});

/** Somebody else each time: what one test leaves unsaved is kept for its person, as it should be. */
let people = 0;
function somebody() {
  const id = `anna-${++people}`;
  const assignment = { id: "work", annotator: { id, name: "Anna" }, state: "open" };
  const drawn = annotation({ id: "old", number: 1, confidence: 0.71, created_by: { id, name: "Anna" } });
  return {
    "GET /me": { ...me, id },
    "GET /images/i": { ...image, assignment },
    "GET /images/i/annotations": pageOf([drawn]),
  };
}

async function open(changed: Record<string, unknown> = {}) {
  const sent = serve({ ...answers, ...somebody(), ...changed });
  const place = { path: "/images/:id", at: "/images/i?from=mine", others: [{ path: "/", element: null }] };
  const { router } = renderPage(<EditorPage />, place);
  return { sent, router, user: userEvent.setup() };
}

const canvas = () => screen.findByRole("application");
async function click(x: number, y: number) {
  const target = await canvas();
  fireEvent.pointerDown(target, { clientX: x, clientY: y, button: 0, pointerId: 1 });
  fireEvent.pointerUp(target, { clientX: x, clientY: y, button: 0, pointerId: 1 });
}

describe("the editor page", () => {
  test("shows where one is, the objects with their confidence, and that all is saved", async () => {
    await open();
    expect(await screen.findByText("3 of 12")).toBeTruthy();
    expect(screen.getByRole("button", { name: /Sheep 1.*0\.71/ })).toBeTruthy();
    expect(screen.getByTestId("save-state")).toHaveProperty("textContent", "Saved");
  });

  test("a click, Tab, a class by number, Enter: the second candidate is saved as that class", async () => {
    const { sent, user } = await open();
    await click(4, 4);
    expect(await screen.findByRole("option", { name: /0\.98/, selected: true })).toBeTruthy();
    await user.keyboard("{Tab}2{Enter}");
    expect(screen.queryByRole("listbox")).toBeNull();
    await waitFor(() => expect(sent.find(({ path }) => path.endsWith("/changes"))).toBeDefined());
    const change = sent.find(({ path }) => path.endsWith("/changes"));
    expect(change?.body).toMatchObject({
      create: [
        { class_id: "grass", chosen_rank: 1, predicted_iou: 0.56, prompts: [{ points: [{ x: 4, y: 4 }] }] },
      ],
    });
    expect(change?.headers).toHaveProperty("Idempotency-Key");
    await waitFor(() => expect(screen.getByTestId("save-state").textContent).toBe("Saved"));
    expect(screen.getByRole("button", { name: /^Grass 2/ })).toBeTruthy();
  });

  test("the tray keeps the order of the answer and preselects the preferred candidate", async () => {
    const scores = [0.98, 0.88, 0.56];
    const answer = { candidates: scores.map(candidate), preferred: 1, model: "mobile_sam" };
    const { user } = await open({ "POST /images/i/predict": answer });
    await click(4, 4);
    const options = await screen.findAllByRole("option");
    expect(options.map(({ textContent }) => textContent)).toEqual(["0.98", "0.88", "0.56"]);
    const selected = () => screen.getByRole("option", { selected: true }).textContent;
    expect(selected()).toBe("0.88");
    await user.keyboard("1");
    expect(selected(), "a number chooses the class").toBe("0.88");
    await user.keyboard("{Tab}");
    expect(selected()).toBe("0.56");
  });

  test("what cannot be sent is said in a sentence, kept, and saved when the server answers again", async () => {
    let down = true;
    const starting = new Refusal(503, { status: 503, code: "down", detail: "The server is starting." });
    const { user } = await open({
      "POST /images/i/changes": (request: { body: unknown }) =>
        down ? starting : answers["POST /images/i/changes"](request),
    });
    await click(4, 4);
    await screen.findByRole("listbox");
    await user.keyboard("{Enter}");
    expect(
      await screen.findByText(/The server is starting. Your edits are kept in this browser/),
    ).toBeTruthy();
    down = false;
    await user.click(screen.getByRole("button", { name: "Try now" }));
    await waitFor(() => expect(screen.getByTestId("save-state").textContent).toBe("Saved"));
  });

  test("submitting waits until everything is saved, then goes on to my next image", async () => {
    const { sent, router, user } = await open({
      "POST /assignments/work/submit": { id: "work" },
      "GET /me/assignments": [],
    });
    await click(4, 4);
    await screen.findByRole("listbox");
    await user.keyboard("2{Enter}{Control>}{Enter}{/Control}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/images/j"));
    const order = sent.map(({ path }) => path).filter((path) => /changes|submit/.test(path));
    expect(order).toEqual(["/images/i/changes", "/assignments/work/submit"]);
  });

  test("an image that another tab has unsaved edits of is not submitted, and is when that tab has saved them", async () => {
    const person = { ...me, id: "tabs" };
    const place = { person: "tabs", image: "i", name: "sheep.jpg", project: "Meadow", width: 8, height: 8 };
    const tab = browserStore({ ...place, thumbnail: "", classes: [] });
    const now = [["a", annotation({ id: "a" })]] as const;
    await tab.write({ saved: [["a", null]], now, sent: [], gone: [] }, { reason: "Refused.", cure: "edit" });
    const { sent, user } = await open({
      "GET /me": person,
      "GET /images/i": { ...image, assignment: { id: "work", annotator: person, state: "open" } },
      "GET /images/i/annotations": pageOf([annotation({ id: "old", number: 1, created_by: person })]),
      "POST /assignments/work/submit": { id: "work" },
      "GET /me/assignments": [],
    });
    const submitted = () => sent.some(({ path }) => path === "/assignments/work/submit");
    await user.click(await screen.findByRole("button", { name: /^Submit/ }));
    const why = /Another tab has 1 edit of this image that is not saved/;
    expect(await screen.findByText(why, {}, { timeout: 4000 })).toBeTruthy();
    expect(submitted()).toBe(false);
    await tab.remove();
    await waitFor(() => expect(screen.queryByText(why)).toBeNull());
    await user.click(screen.getByRole("button", { name: /^Submit/ }));
    await waitFor(() => expect(submitted()).toBe(true));
    await tab.close();
  });

  test("an image that nobody has becomes one's own by submitting it", async () => {
    const assignment = { id: "taken", annotator: { id: "anna", name: "Anna" }, state: "open" };
    let taken = false;
    const { sent, user } = await open({
      "GET /images/i": () => ({ ...image, assignment: taken ? assignment : null }),
      "POST /projects/p/assignments": () => {
        taken = true;
        return { assigned: 1, results: [{ image: "i", outcome: "assigned" }] };
      },
      "POST /assignments/taken/submit": { id: "taken" },
      "GET /me/assignments": [],
    });
    await user.click(await screen.findByRole("button", { name: /^Submit/ }));
    await waitFor(() => expect(sent.map(({ path }) => path)).toContain("/assignments/taken/submit"));
    expect(sent.find(({ path }) => path === "/projects/p/assignments")?.body).toMatchObject({
      images: ["i"],
    });
  });

  test("a refused submit says why", async () => {
    const detail = "1 rejected annotation has not been changed.";
    const { user } = await open({
      "POST /assignments/work/submit": new Refusal(409, { status: 409, code: "rejected_unchanged", detail }),
    });
    await user.click(await screen.findByRole("button", { name: /^Submit/ }));
    expect(await screen.findByText(detail)).toBeTruthy();
  });

  test("what an object needs stays said while it is being saved, until something is done about it", async () => {
    const choices = ["white", "black"];
    const wool = { id: "wool", name: "Wool", kind: "choice", choices, required: true, default: null };
    const { user } = await open({
      "GET /projects/p/classes": classes.map((each) => ({ ...each, attributes: [wool] })),
      "GET /images/i/annotations": pageOf([]),
    });
    await click(4, 4);
    await screen.findByRole("listbox");
    await user.keyboard("{Enter}{Control>}{Enter}{/Control}");
    expect(screen.getByText(/Sheep 1 needs Wool/)).toBeDefined();
    await waitFor(() => expect(screen.getByTestId("save-state").textContent).toBe("Saved"));
    expect(screen.getByText(/Sheep 1 needs Wool/)).toBeDefined();
    await user.keyboard("a2");
    expect(screen.queryByText(/Sheep 1 needs Wool/)).toBeNull();
  });

  test("what is typed of an object is kept when one goes back in the browser in the middle of it", async () => {
    const note = { id: "note", name: "Note", kind: "text", choices: [], required: false, default: null };
    const { sent, router, user } = await open({
      "GET /projects/p/classes": classes.map((each) => ({ ...each, attributes: [note] })),
      "POST /images/i/changes": ({ body }: { body: { update: object[] } }) => ({
        annotations: body.update.map((each) => annotation({ id: "old", number: 1, ...each, version: 2 })),
        deleted: [],
      }),
    });
    await user.click(await screen.findByRole("button", { name: /^Sheep 1/ }));
    await user.type(await screen.findByRole("textbox", { name: "Note" }), "lame");
    await act(() => router.navigate("/"));
    await waitFor(() => expect(sent.find(({ path }) => path.endsWith("/changes"))?.body).toBeDefined());
    const change = sent.find(({ path }) => path.endsWith("/changes"));
    expect(change?.body).toMatchObject({ update: [{ id: "old", attributes: { note: "lame" } }] });
  });

  test("after one's last image the next free one comes by one key, and the submission can be taken back", async () => {
    const { sent, router, user } = await open({
      "POST /assignments/work/submit": { id: "work", submission: 7 },
      "POST /assignments/work/submit/undo": { id: "work" },
      "GET /me/assignments": [],
      "GET /projects/p/progress": {
        images: { available: 11, to_review: 0 },
        annotations: { submitted: 90 },
        embeddings: { queued: 0 },
        proposals: { queued: 0 },
      },
      "GET /images/i/neighbours": { previous: null, next: null, index: 0, total: 1 },
      "POST /projects/p/assignments/next": { image: { id: "free" } },
    });
    await screen.findByText("1 of 1");
    await user.click(screen.getByRole("button", { name: /^Submit/ }));
    expect(
      await screen.findByText(/11 images are available to label. 90 masks wait for review/),
    ).toBeTruthy();
    await user.click(await screen.findByRole("button", { name: /^Undo/ }));
    await screen.findByRole("application");
    expect(sent.find(({ path }) => path.endsWith("/submit/undo"))?.body).toEqual({ submission: 7 });
    await user.click(screen.getByRole("button", { name: /^Submit/ }));
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Get next image/));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/images/free"));
  });

  test("an image without objects is submitted by Enter, and not by pressing the key again", async () => {
    const { sent, user } = await open({
      "GET /images/i/annotations": pageOf([]),
      "POST /assignments/work/submit": { id: "work" },
      "GET /me/assignments": [],
    });
    await screen.findByRole("application");
    const submitted = () => sent.filter(({ path }) => path.endsWith("/submit"));
    await user.keyboard("{Control>}{Enter}{/Control}");
    const question = await screen.findByRole("dialog", { name: "Nothing to label here?" });
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Nothing to label/));
    await user.keyboard("{Control>}{Enter}{/Control}");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(question.isConnected).toBe(false));
    expect(submitted()).toEqual([]);
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Nothing to label/));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(submitted().map(({ body }) => body)).toEqual([{ nothing_to_label: true }]));
  });

  test("an image with objects of others that one has not touched asks first", async () => {
    const { sent, user } = await open({
      "GET /images/i/annotations": pageOf([annotation({ id: "old", number: 1 })]),
      "POST /assignments/work/submit": { id: "work" },
      "GET /me/assignments": [],
    });
    await screen.findByRole("application");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByRole("dialog", { name: "Submit without changes?" });
    await user.click(screen.getByRole("button", { name: /^Submit as is/ }));
    await waitFor(() =>
      expect(sent.find(({ path }) => path.endsWith("/submit"))?.body).toEqual({ nothing_to_label: false }),
    );
  });

  test("the state of the image and of each object is shown, and what undoes an acceptance is said once", async () => {
    const states = ["accepted", "submitted", "accepted"] as const;
    const objects = states.map((state, i) => annotation({ id: `o${i}`, state, z: i }));
    const assignment = {
      id: "work",
      annotator: { id: "anna", name: "Anna" },
      state: "submitted",
      image_review: "",
    };
    const { user } = await open({
      "GET /images/i": { ...image, assignment },
      "GET /images/i/annotations": pageOf(objects),
      "POST /images/i/changes": ({ body }: { body: { delete: { id: string }[] } }) => ({
        annotations: [],
        deleted: body.delete.map(({ id }) => id),
      }),
    });
    expect((await screen.findByTestId("image-state")).textContent).toBe("In review");
    expect(screen.getAllByRole("img", { name: "waits for review" })).toHaveLength(1);
    expect(screen.getAllByRole("img", { name: "accepted by a reviewer" })).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Delete Sheep 1" }));
    expect(screen.getByText(/You deleted an accepted object/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Got it" }));
    await user.click(screen.getByRole("button", { name: "Delete Sheep 2" }));
    expect(screen.queryByText(/You deleted an accepted object/)).toBeNull();
  });

  test("an image that is not ready moves to the front, says so, and becomes ready by itself", async () => {
    const waiting = { ...image, embedding: { state: "queued", error: null } };
    const { sent } = await open({ "GET /images/i": waiting, "POST /images/i/prioritise": {} });
    expect(await screen.findByText(/Preparing this image for clicking/)).toBeTruthy();
    await waitFor(() => expect(sent.some(({ path }) => path === "/images/i/prioritise")).toBe(true));
    await click(4, 4);
    expect(await screen.findByText(/still being prepared/)).toBeTruthy();
    browser.emit("job.changed", { data: { kind: "embed", target: "i", state: "ready", error: null } });
    await waitFor(() => expect(screen.queryByText(/Preparing this image/)).toBeNull());
    await click(4, 4);
    expect(await screen.findByRole("listbox", { name: "Candidates" })).toBeTruthy();
  });

  test("an embedding of which no event told, as it came before the first one, is found all the same", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      let embedding: Readiness = { state: "running", error: null };
      await open({ "GET /images/i": () => ({ ...image, embedding }), "POST /images/i/prioritise": {} });
      expect(await screen.findByText(/Preparing this image for clicking/)).toBeTruthy();
      embedding = { state: "ready", error: null };
      vi.advanceTimersByTime(5_000);
      await waitFor(() => expect(screen.queryByText(/Preparing this image/)).toBeNull());
    } finally {
      vi.useRealTimers();
    }
  });

  test("a rejected mask is back with its reason", async () => {
    const review = {
      verdict: "rejected",
      reason: "Rough edge",
      comment: "",
      by: { id: "bo", name: "Bo" },
      version: 1,
    };
    await open({ "GET /images/i/annotations": pageOf([{ ...annotation({ state: "rejected" }), review }]) });
    expect(await screen.findByText("↩ rough edge")).toBeTruthy();
  });

  test("on an image that is none of one's open ones it says how many those are", async () => {
    await open({ "GET /images/i/neighbours": { previous: "h", next: null, index: null, total: 2 } });
    expect(await screen.findByText("2 still open")).toBeDefined();
  });

  test("what others do appears by itself", async () => {
    let list = [annotation({ id: "old", number: 1 })];
    await open({ "GET /images/i/annotations": () => pageOf(list) });
    await canvas();
    list = [...list, annotation({ id: "theirs", number: 2, class_id: "grass", z: 1 })];
    browser.emit("annotation.created", { object: "theirs", image: "i", data: { version: 1 } });
    expect(await screen.findByRole("button", { name: /^Grass 2/ })).toBeTruthy();
  });

  test("the next image is fetched ahead, and F shows it from that, then what has happened since", async () => {
    let theirs = [annotation({ id: "theirs", number: 1 })];
    const { sent, user } = await open({
      "GET /images/j": { ...image, id: "j", name: "goat.jpg", file_url: "/api/v1/images/j/file" },
      "GET /images/j/annotations": () => pageOf(theirs),
      "GET /images/j/neighbours": { previous: "i", next: null, index: 3, total: 12 },
      "POST /images/j/prioritise": {},
    });
    await screen.findByText("3 of 12");
    await waitFor(() => expect(sent.some(({ path }) => path === "/images/j/neighbours")).toBe(true));
    expect(sent.some(({ path }) => path === "/images/j/prioritise")).toBe(true);
    theirs = [...theirs, annotation({ id: "newer", number: 2, class_id: "grass", z: 1 })];
    await user.keyboard("f");
    expect(await screen.findByRole("heading", { name: "goat.jpg" })).toBeTruthy();
    expect(screen.getByText("4 of 12")).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Sheep 1/ })).toBeTruthy();
    expect(await screen.findByRole("button", { name: /^Grass 2/ })).toBeTruthy();
  });

  test("D goes back to an image as it was left, without waiting for the server, then shows what has happened since", async () => {
    let list: unknown = pageOf([annotation({ id: "old", number: 1 })]);
    const { user } = await open({
      "GET /images/i/annotations": () => list,
      "GET /images/j": { ...image, id: "j", name: "goat.jpg", file_url: "/api/v1/images/j/file" },
      "GET /images/j/annotations": pageOf([]),
      "GET /images/j/neighbours": { previous: "i", next: null, index: 3, total: 12 },
      "POST /images/j/prioritise": {},
    });
    await screen.findByText("3 of 12");
    await user.keyboard("f");
    await screen.findByText("4 of 12");
    let answer = (_: unknown) => {};
    list = new Promise((resolve) => {
      answer = resolve;
    });
    await user.keyboard("d");
    expect(await screen.findByRole("button", { name: /^Sheep 1/ })).toBeTruthy();
    expect(screen.getByText("3 of 12")).toBeTruthy();
    answer(
      pageOf([
        annotation({ id: "old", number: 1 }),
        annotation({ id: "newer", number: 2, class_id: "grass", z: 1 }),
      ]),
    );
    expect(await screen.findByRole("button", { name: /^Grass 2/ })).toBeTruthy();
  });

  test("who may not label sees the image, and that it cannot be changed", async () => {
    await open({ "GET /projects/p": { ...project, permissions: ["project.view"] } });
    expect(await screen.findByText(/View only/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Submit/ })).toBeNull();
    expect(screen.queryByRole("button", { name: /Delete Sheep/ })).toBeNull();
  });

  test("an image that is not there says so and offers a way on", async () => {
    await open({
      "GET /images/i": new Refusal(404, { status: 404, code: "not_found", detail: "No such image." }),
    });
    expect(await screen.findByRole("heading", { name: "There is no such image" })).toBeTruthy();
  });

  test("the key sheet lists every key", async () => {
    const { user } = await open();
    await canvas();
    await user.keyboard("?");
    const sheet = await screen.findByRole("dialog", { name: "Keys" });
    expect(within(sheet).getByText("Take back the last point")).toBeTruthy();
  });
});

describe("comfort", () => {
  test("a class is found by typing, chosen by Enter, and the keys are the canvas's again", async () => {
    const { user } = await open();
    await canvas();
    await user.keyboard("/");
    await user.type(await screen.findByRole("combobox", { name: "Search for a class" }), "gra{Enter}");
    await waitFor(() => expect(screen.queryByRole("combobox", { name: "Search for a class" })).toBeNull());
    expect(screen.getByRole("banner").textContent).toMatch(/New objects:\s+Grass/);
  });

  test("a key is changed in the key sheet, after a warning where another command has it", async () => {
    const { user } = await open();
    await canvas();
    await user.keyboard("?");
    await user.click(await screen.findByRole("button", { name: "Change the key of: Brush" }));
    await user.keyboard("s");
    expect(within(screen.getByRole("dialog", { name: "Keys" })).getByRole("alert").textContent).toContain(
      "Segment with SAM",
    );
    await user.click(screen.getByRole("button", { name: "Take it" }));
    expect(screen.getByRole("button", { name: "Change the key of: Segment with SAM" }).textContent).toBe(
      "no key",
    );
    await user.click(screen.getByRole("button", { name: "Restore all keys" }));
    expect(screen.getByRole("button", { name: "Change the key of: Brush" }).textContent).toBe("B");
  });

  test("masks and light are set beside the image, and put back at once", async () => {
    const { user } = await open();
    await canvas();
    await user.keyboard("k");
    const gamma = within(await screen.findByRole("dialog", { name: "View" })).getByLabelText(/Gamma/);
    fireEvent.change(gamma, { target: { value: "2" } });
    expect(gamma).toHaveProperty("value", "2");
    await user.click(screen.getByRole("button", { name: "Reset" }));
    expect(gamma).toHaveProperty("value", "1");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog", { name: "View" })).toBeNull();
    expect(document.activeElement).toBe(await canvas());
  });

  test("the guidelines are one key away", async () => {
    const { user } = await open({
      "GET /projects/p": { ...project, guidelines: "Heads first.\nThen legs." },
    });
    await canvas();
    await user.keyboard("u");
    expect((await screen.findByText(/Heads first/)).textContent).toBe("Heads first.\nThen legs.");
  });

  test("what is labeled on the previous image is copied as one edit that undo takes back", async () => {
    const { user } = await open({
      "GET /images/i/neighbours": { previous: "h", next: null, index: 2, total: 12 },
      "GET /images/i/annotations": pageOf([]),
      "GET /images/h/annotations": pageOf([
        annotation({ id: "x" }),
        annotation({ id: "y", class_id: "grass" }),
      ]),
    });
    await canvas();
    await user.keyboard("{Shift>}d{/Shift}");
    const undo = await screen.findByRole("button", {
      name: "Undo copy of 2 objects from the previous image",
    });
    expect(screen.getByRole("button", { name: /^Grass 2/ })).toBeTruthy();
    await user.click(undo);
    expect(screen.getByText("Undone: copy of 2 objects from the previous image")).toBeDefined();
    expect(screen.queryByRole("button", { name: /^Grass 2/ })).toBeNull();
  });

  test("an image is skipped with a reason, and the next of my work opens", async () => {
    const { user, sent, router } = await open({
      "POST /assignments/work/skip": { id: "work", state: "skipped" },
    });
    await canvas();
    await user.keyboard("{Shift>}x{/Shift}");
    const skip = await screen.findByRole("button", { name: "Skip the image" });
    expect(skip).toHaveProperty("disabled", true);
    await user.type(screen.getByLabelText("Reason"), "Only fog.");
    await user.click(skip);
    await waitFor(() => expect(router.state.location.pathname).toBe("/images/j"));
    expect(sent.find(({ path }) => path.endsWith("/skip"))?.body).toEqual({ reason: "Only fog." });
  });
});
