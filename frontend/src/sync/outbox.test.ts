import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Annotation } from "../model/annotation";
import type { Changes } from "../model/diff";
import { type Annotations, type Patch, withPatch } from "../model/patch";
import { annotation } from "../model/testing";
import { Problem, unreachable } from "../server/problem";
import { Outbox, type OutboxServer } from "./outbox";
import type { OutboxStore, PendingEdits } from "./outboxStore";

/** The server's rules in memory: versions, ids made by clients, answers replayed by `opId`. */
class FakeServer implements OutboxServer {
  annotations: Annotations = new Map();
  /** What goes wrong with the next requests: nothing arrives, or it is done and the answer is lost. */
  faults: ("unreachable" | "lost answer" | "broken" | "none")[] = [];
  refusal: Problem | null = null;
  requests: { changes: Changes; opId: string }[] = [];
  applied = 0;
  tombstones = new Map<string, Annotation>();
  #answers = new Map<string, { annotations: Annotation[] }>();
  #ops = 0;

  newOpId = () => `op-${++this.#ops}`;
  list = async () => [...this.annotations.values()];

  async send(changes: Changes, opId: string) {
    this.requests.push({ changes, opId });
    const fault = this.faults.shift() ?? "none";
    if (fault === "unreachable") throw unreachable();
    if (fault === "broken")
      throw new Problem({ status: 503, code: "down", detail: "The server is starting." });
    if (this.refusal) throw this.refusal;
    const answer = this.#answers.get(opId) ?? this.#apply(changes);
    this.#answers.set(opId, answer);
    if (fault === "lost answer") throw unreachable();
    return answer;
  }

  async restore(id: string) {
    const kept = this.tombstones.get(id);
    const present = this.annotations.get(id);
    if (present || !kept) return present ?? Promise.reject(stale(undefined));
    this.tombstones.delete(id);
    this.edit(id, kept);
    return structuredClone(this.annotations.get(id) as Annotation);
  }

  /** What another person does. */
  edit(id: string, fields: Partial<Annotation> | null): void {
    const before = this.annotations.get(id);
    if (before && !fields) this.tombstones.set(id, before);
    const after = fields && annotation({ ...before, ...fields, id, version: (before?.version ?? 0) + 1 });
    this.annotations = withPatch(this.annotations, new Map([[id, after]]));
  }

  #apply(changes: Changes) {
    for (const { id, version } of [...changes.update, ...changes.delete]) {
      if (this.annotations.get(id)?.version !== version) throw stale(this.annotations.get(id));
    }
    this.applied++;
    const created = changes.create.map((fields) => {
      if (this.annotations.has(fields.id)) throw stale(this.annotations.get(fields.id));
      if (this.tombstones.has(fields.id))
        throw new Problem({ status: 409, code: "id_taken", detail: "This id is taken." });
      return annotation({ ...fields, version: 1, created_by: { id: "server", name: "Server" } });
    });
    const updated = changes.update.map((fields) =>
      annotation({ ...this.annotations.get(fields.id), ...fields, version: fields.version + 1 }),
    );
    for (const { id } of changes.delete) this.tombstones.set(id, this.annotations.get(id) as Annotation);
    const gone = changes.delete.map(({ id }) => [id, null] as const);
    const answer = [...created, ...updated];
    const patch: Patch = new Map([...gone, ...answer.map((a) => [a.id, a] as const)]);
    this.annotations = withPatch(this.annotations, patch);
    return { annotations: structuredClone(answer) };
  }
}

const stale = (current: Annotation | undefined) =>
  new Problem({ status: 412, code: "stale", detail: "Somebody changed this.", body: { current } });

class MemoryStore implements OutboxStore {
  records = new Map<string, PendingEdits>();
  read = async (key: string) => structuredClone(this.records.get(key));
  write = async (key: string, edits: PendingEdits) => void this.records.set(key, structuredClone(edits));
  remove = async (key: string) => void this.records.delete(key);
}

async function page(server: FakeServer, store = new MemoryStore()) {
  let seen: Annotations = new Map();
  const outbox = await Outbox.open(
    {
      key: "anna:image",
      store,
      server,
      onPatch: (patch) => {
        seen = withPatch(seen, patch);
      },
    },
    structuredClone(await server.list()),
  );
  seen = outbox.annotations;
  const edit = (id: string, fields: Partial<Annotation> | null) => {
    const next = fields && annotation({ ...(seen.get(id) ?? { version: 0 }), ...fields, id });
    seen = withPatch(seen, new Map([[id, next]]));
    outbox.put(seen);
  };
  return { outbox, store, edit, seen: () => seen };
}

const classes = (annotations: Annotations) =>
  Object.fromEntries([...annotations.values()].map((a) => [a.id, a.class_id]).sort());
const settle = () => vi.advanceTimersByTimeAsync(120_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the outbox", () => {
  test("edits made within a moment go in one request, and the record in the browser is gone after it", async () => {
    const server = new FakeServer();
    const { outbox, edit, store, seen } = await page(server);
    edit("a", {});
    edit("b", {});
    expect(outbox.state.kind).toBe("saving");
    expect(server.requests).toHaveLength(0);
    await settle();
    expect(server.requests).toHaveLength(1);
    expect([...server.annotations.keys()]).toEqual(["a", "b"]);
    expect(outbox.state.kind).toBe("saved");
    expect(store.records.size).toBe(0);
    expect(seen().get("a")).toMatchObject({ version: 1, created_by: { name: "Server" } });
  });

  test("an edit that is undone before it is sent sends nothing", async () => {
    const server = new FakeServer();
    const { outbox, edit, store } = await page(server);
    edit("a", {});
    edit("a", null);
    await settle();
    expect(server.requests).toEqual([]);
    expect(outbox.state.kind).toBe("saved");
    expect(store.records.size).toBe(0);
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
    const { outbox, edit, store } = await page(server);
    edit("a", {});
    await vi.advanceTimersByTimeAsync(500);
    expect(outbox.state).toMatchObject({
      kind: "unsaved",
      cure: "wait",
      reason: "The server cannot be reached.",
    });
    expect(store.records.size).toBe(1);
    await settle();
    expect(outbox.state.kind).toBe("saved");
    expect(new Set(server.requests.map((r) => r.opId)).size).toBe(1);
    expect(server.applied).toBe(1);
  });

  test("an ended session keeps the edits, asks to log in, and goes on after it", async () => {
    const server = new FakeServer();
    server.refusal = new Problem({ status: 401, code: "not_authenticated", detail: "Log in." });
    const { outbox, edit, store } = await page(server);
    edit("a", {});
    await vi.advanceTimersByTimeAsync(500);
    expect(outbox.state).toEqual({ kind: "unsaved", reason: "Your session has ended.", cure: "login" });
    expect(store.records.size).toBe(1);
    server.refusal = null;
    expect(await outbox.flush()).toBe(true);
  });

  test("a refusal is shown and not repeated until there is something new to say", async () => {
    const server = new FakeServer();
    server.refusal = new Problem({ status: 403, code: "forbidden", detail: "You may not label here." });
    const { outbox, edit, store } = await page(server);
    edit("a", {});
    await settle();
    expect(server.requests).toHaveLength(1);
    expect(outbox.state).toMatchObject({ kind: "unsaved", reason: "You may not label here.", cure: "edit" });
    expect(store.records.size).toBe(1);
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
    first.outbox.close();
    const second = await page(server, first.store);
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
    first.outbox.close();
    const second = await page(server, first.store);
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
      const { outbox, edit, seen } = await page(server);
      server.edit("a", { class_id: "theirs" });
      edit("a", { class_id: "mine" });
      await settle();
      outbox.resolve("a", choice);
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

  test("what somebody deleted while we edited it can be kept", async () => {
    const server = new FakeServer();
    server.edit("a", {});
    const { outbox, edit } = await page(server);
    server.edit("a", null);
    edit("a", { class_id: "mine" });
    await settle();
    expect(outbox.state).toMatchObject({ kind: "conflict", conflicts: [{ id: "a", theirs: null }] });
    outbox.resolve("a", "mine");
    await settle();
    expect(classes(server.annotations)).toEqual({ a: "mine" });
  });

  test("with random failures, crashes and reloads nothing is lost and nothing is doubled", async () => {
    const action = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant("edit" as const),
          id: fc.constantFrom("a", "b", "c"),
          class_id: fc.constantFrom("sheep", "grass", null),
        }),
      },
      fc.constant({ type: "reload" as const }),
      fc.record({ type: fc.constant("wait" as const), time: fc.integer({ min: 0, max: 3000 }) }),
      fc.record({
        type: fc.constant("fault" as const),
        fault: fc.constantFrom("unreachable", "lost answer", "broken"),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const server = new FakeServer();
        let current = await page(server);
        for (const step of actions) {
          if (step.type === "edit") {
            current.edit(step.id, step.class_id === null ? null : { class_id: step.class_id });
          } else if (step.type === "wait") await vi.advanceTimersByTimeAsync(step.time);
          else if (step.type === "fault") server.faults.push(step.fault as "broken");
          else {
            await vi.advanceTimersByTimeAsync(1);
            current.outbox.close();
            current = await page(server, current.store);
          }
        }
        const wanted = classes(current.seen());
        await settle();
        expect(current.outbox.state.kind).toBe("saved");
        expect(classes(current.seen())).toEqual(wanted);
        expect(classes(server.annotations)).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });
});
