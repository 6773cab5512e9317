import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../server/problem";
import { classes, FakeServer, page, settle } from "./testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the outbox", () => {
  test("edits made within a moment go in one request, and the record in the browser is gone after it", async () => {
    const server = new FakeServer();
    const { outbox, edit, browser, seen } = await page(server);
    edit("a", {});
    edit("b", {});
    expect(outbox.state.kind).toBe("saving");
    expect(server.requests).toHaveLength(0);
    await settle();
    expect(server.requests).toHaveLength(1);
    expect([...server.annotations.keys()]).toEqual(["a", "b"]);
    expect(outbox.state.kind).toBe("saved");
    expect(browser.records.size).toBe(0);
    expect(seen().get("a")).toMatchObject({ version: 1, created_by: { name: "Server" } });
  });

  test("an edit that is undone before it is sent sends nothing", async () => {
    const server = new FakeServer();
    const { outbox, edit, browser } = await page(server);
    edit("a", {});
    edit("a", null);
    await settle();
    expect(server.requests).toEqual([]);
    expect(outbox.state.kind).toBe("saved");
    expect(browser.records.size).toBe(0);
  });

  test("an edit made while a request is under way goes with the next one", async () => {
    const server = new FakeServer();
    const { edit, outbox } = await page(server);
    edit("a", {});
    const send = server.send.bind(server);
    vi.spyOn(server, "send").mockImplementationOnce((changes, opId) => {
      edit("a", { class_id: "grass" });
      return send(changes, opId);
    });
    await outbox.flush();
    expect(server.requests).toHaveLength(2);
    expect(classes(server.annotations)).toEqual({ a: "grass" });
  });

  test("without a network it says so, tries again by itself with the same operation, and saves once", async () => {
    const server = new FakeServer();
    server.faults = ["unreachable", "broken"];
    const { outbox, edit, browser } = await page(server);
    edit("a", {});
    await vi.advanceTimersByTimeAsync(500);
    expect(outbox.state).toMatchObject({
      kind: "unsaved",
      cure: "wait",
      reason: "The server cannot be reached.",
    });
    expect(browser.records.size).toBe(1);
    await settle();
    expect(outbox.state.kind).toBe("saved");
    expect(new Set(server.requests.map((r) => r.opId)).size).toBe(1);
    expect(server.applied).toBe(1);
  });

  test("an ended session keeps the edits, asks to log in, and goes on after it", async () => {
    const server = new FakeServer();
    server.refusal = new Problem({ status: 401, code: "not_authenticated", detail: "Log in." });
    const { outbox, edit, browser } = await page(server);
    edit("a", {});
    await vi.advanceTimersByTimeAsync(500);
    expect(outbox.state).toMatchObject({ reason: "Your session has ended.", cure: "login", waiting: 1 });
    expect(browser.records.size).toBe(1);
    server.refusal = null;
    expect(await outbox.flush()).toBe(true);
  });

  test("a refusal is shown and not repeated until there is something new to say", async () => {
    const server = new FakeServer();
    server.refusal = new Problem({ status: 403, code: "forbidden", detail: "You may not label here." });
    const { outbox, edit, browser } = await page(server);
    edit("a", {});
    await settle();
    expect(server.requests).toHaveLength(1);
    expect(outbox.state).toMatchObject({ kind: "unsaved", reason: "You may not label here.", cure: "edit" });
    expect(browser.records.size).toBe(1);
    server.refusal = null;
    edit("b", {});
    await settle();
    expect(Object.keys(classes(server.annotations))).toEqual(["a", "b"]);
  });

  test("a reload puts unsaved edits back onto the image", async () => {
    const server = new FakeServer();
    server.edit("old", {});
    server.faults = ["unreachable"];
    const first = await page(server);
    first.edit("new", {});
    first.edit("old", { class_id: "grass" });
    await vi.advanceTimersByTimeAsync(500);
    await first.outbox.close();
    const second = await page(server, first.browser);
    expect(classes(second.seen())).toEqual({ new: "sheep", old: "grass" });
    await settle();
    expect(classes(server.annotations)).toEqual({ new: "sheep", old: "grass" });
  });

  test("a reload after a lost answer finds the edit saved", async () => {
    const server = new FakeServer();
    server.faults = ["lost answer"];
    const first = await page(server);
    first.edit("a", {});
    await vi.advanceTimersByTimeAsync(500);
    await first.outbox.close();
    const second = await page(server, first.browser);
    await settle();
    expect(second.outbox.state.kind).toBe("saved");
    expect(server.applied).toBe(1);
  });

  test("a stale edit becomes a conflict, while other edits go on being saved", async () => {
    const server = new FakeServer();
    server.edit("a", {});
    const { outbox, edit, seen } = await page(server);
    server.edit("a", { class_id: "theirs", updated_by: { id: "bo", name: "Bo" } });
    edit("a", { class_id: "mine" });
    edit("b", {});
    await settle();
    expect(outbox.state).toMatchObject({
      kind: "conflict",
      conflicts: [{ id: "a", mine: { class_id: "mine" }, theirs: { updated_by: { name: "Bo" } } }],
    });
    expect(classes(server.annotations)).toEqual({ a: "theirs", b: "sheep" });
    expect(classes(seen())).toEqual({ a: "mine", b: "sheep" });
  });

  test.each(["mine", "theirs"] as const)(
    "a conflict decided for %s ends that way on both sides",
    async (choice) => {
      const server = new FakeServer();
      server.edit("a", {});
      const { outbox, edit, decide, seen } = await page(server);
      server.edit("a", { class_id: "theirs" });
      edit("a", { class_id: "mine" });
      await settle();
      if (outbox.state.kind === "conflict") for (const one of outbox.state.conflicts) decide(one, choice);
      await settle();
      expect(outbox.state.kind).toBe("saved");
      expect(classes(server.annotations)).toEqual({ a: choice });
      expect(classes(seen())).toEqual({ a: choice });
    },
  );

  test("a verdict on a mask does not make an edit of it a conflict", async () => {
    const server = new FakeServer();
    server.edit("a", {});
    const { outbox, edit } = await page(server);
    server.edit("a", { state: "rejected" });
    edit("a", { class_id: "mine" });
    await settle();
    expect(outbox.state.kind).toBe("saved");
    expect(classes(server.annotations)).toEqual({ a: "mine" });
  });

  test("what others do is taken in, except where we are editing", async () => {
    const server = new FakeServer();
    server.edit("a", {});
    server.edit("b", {});
    const { outbox, edit, seen } = await page(server);
    server.edit("c", {});
    server.edit("b", null);
    server.faults = ["unreachable"];
    edit("a", { class_id: "mine" });
    await outbox.refresh();
    expect(classes(seen())).toEqual({ a: "mine", c: "sheep" });
    expect(outbox.knows("c", 1)).toBe(true);
    expect(outbox.knows("c", 2)).toBe(false);
    expect(outbox.knows("c", 1, 0)).toBe(true);
    expect(outbox.knows("c", 1, 7)).toBe(false);
  });

  test("undoing a deletion that was saved brings the annotation back, with what was changed since", async () => {
    const server = new FakeServer();
    server.edit("a", {});
    const { outbox, edit } = await page(server);
    edit("a", null);
    await settle();
    expect(server.annotations.size).toBe(0);
    edit("a", { class_id: "grass" });
    await settle();
    expect(outbox.state.kind).toBe("saved");
    expect(classes(server.annotations)).toEqual({ a: "grass" });
  });

  test("a new object saved together with one that has to be brought back is made, not looked for", async () => {
    const server = new FakeServer();
    server.edit("a", {});
    server.edit("a", null);
    const { outbox, edit } = await page(server);
    edit("a", { class_id: "grass" });
    edit("b", {});
    await settle();
    expect(outbox.state.kind).toBe("saved");
    expect(classes(server.annotations)).toEqual({ a: "grass", b: "sheep" });
  });

  test("what somebody deleted while we edited it can be kept", async () => {
    const server = new FakeServer();
    server.edit("a", {});
    const { outbox, edit } = await page(server);
    server.edit("a", null);
    edit("a", { class_id: "mine" });
    await settle();
    expect(outbox.state).toMatchObject({ kind: "conflict", conflicts: [{ id: "a", theirs: null }] });
    outbox.resolve("a");
    await settle();
    expect(classes(server.annotations)).toEqual({ a: "mine" });
  });
});
