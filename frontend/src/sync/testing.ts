import { expect, vi } from "vitest";
import type { Annotation } from "../model/annotation";
import type { Changes } from "../model/diff";
import { type Annotations, type Patch, withPatch } from "../model/patch";
import { annotation } from "../model/testing";
import { Problem, unreachable } from "../server/problem";
import type { PendingEdits } from "./keptEdits";
import { Outbox } from "./outbox";
import type { OutboxServer } from "./outboxState";
import type { OutboxStore } from "./outboxStore";
import type { Conflict } from "./rebase";

/** What goes wrong with a request: it does not arrive, it is done and the answer is lost, it is refused with a status. */
export type Fault = "none" | "unreachable" | "lost answer" | "broken" | "hang" | number;

/** As long as a request is waited for. */
const PATIENCE = 30_000;

/** The server's rules in memory: versions, ids made by clients, answers replayed by `opId`. */
export class FakeServer implements OutboxServer {
  annotations: Annotations = new Map();
  /** What goes wrong with the next requests. */
  faults: Fault[] = [];
  listFaults: Fault[] = [];
  refusal: Problem | null = null;
  /** What the person may do: label, only look, or not even that. */
  standing: "annotator" | "viewer" | "outsider" = "annotator";
  /** Milliseconds that a request is on its way. */
  latency = 0;
  requests: { changes: Changes; opId: string }[] = [];
  applied = 0;
  tombstones = new Map<string, Annotation>();
  /** How often something was sent again whose answer had arrived. */
  resent = 0;
  #acknowledged = new Set<string>();
  #answers = new Map<string, { annotations: Annotation[] }>();
  #ops = 0;

  newOpId = () => `op-${++this.#ops}`;

  async list() {
    await this.#travel();
    await failing(this.listFaults.shift());
    if (this.standing === "outsider") throw NOT_FOUND;
    return [...this.annotations.values()];
  }

  async send(changes: Changes, opId: string) {
    await this.#travel();
    this.requests.push({ changes, opId });
    if (this.#acknowledged.has(opId)) this.resent++;
    const fault = this.faults.shift();
    if (fault !== "lost answer") await failing(fault);
    this.#requireAnnotator();
    if (this.refusal) throw this.refusal;
    const answer = this.#answers.get(opId) ?? this.#apply(changes);
    this.#answers.set(opId, answer);
    if (fault === "lost answer") throw unreachable();
    this.#acknowledged.add(opId);
    return answer;
  }

  async restore(id: string) {
    await this.#travel();
    const fault = this.faults.shift();
    if (fault !== "lost answer") await failing(fault);
    this.#requireAnnotator();
    const kept = this.tombstones.get(id);
    const present = this.annotations.get(id);
    if (present || !kept) return present ?? null;
    this.tombstones.delete(id);
    this.edit(id, kept);
    if (fault === "lost answer") throw unreachable();
    return structuredClone(this.annotations.get(id) as Annotation);
  }

  /** What another person does. */
  edit(id: string, fields: Partial<Annotation> | null): void {
    const before = this.annotations.get(id);
    if (before && !fields) this.tombstones.set(id, before);
    const after = fields && annotation({ ...before, ...fields, id, version: (before?.version ?? 0) + 1 });
    this.annotations = withPatch(this.annotations, new Map([[id, after]]));
  }

  async #travel(): Promise<void> {
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
  }

  #requireAnnotator(): void {
    if (this.standing === "outsider") throw NOT_FOUND;
    if (this.standing === "viewer") throw FORBIDDEN;
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

async function failing(fault: Fault = "none"): Promise<void> {
  if (fault === "hang") await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  if (fault === "unreachable" || fault === "hang") throw unreachable();
  if (fault === "broken") throw new Problem({ status: 503, code: "down", detail: "The server is starting." });
  if (typeof fault === "number")
    throw new Problem({ status: fault, code: `http_${fault}`, detail: `Refused (${fault}).` });
}

const NOT_FOUND = new Problem({ status: 404, code: "not_found", detail: "There is no such image." });
const FORBIDDEN = new Problem({ status: 403, code: "forbidden", detail: "You may not label here." });

const stale = (current: Annotation | undefined) =>
  new Problem({ status: 412, code: "stale", detail: "Somebody changed this.", body: { current } });

/** A browser's database. A page that is closed or crashed leaves its record to the next one. */
export class FakeBrowser {
  records = new Map<number, PendingEdits>();
  #open = new Set<number>();
  #pages = 0;

  /** Whether it takes nothing, as a full disk does. */
  refuses = false;

  /** Whether pages are too busy to answer one another, so that each takes the others for gone. */
  busy = false;

  /** Called when a page has noted that nothing is left to save. */
  noted(): void {}

  /** Called when records came or went. */
  changed(): void {}

  /** The records, with whether a page that is open has them in hand. */
  get kept(): { edits: PendingEdits; held: boolean }[] {
    return [...this.records].map(([key, edits]) => ({ edits, held: !this.#isFree(key) }));
  }

  /** Drops what no open page has in hand. */
  forget(): void {
    for (const key of this.records.keys()) if (this.#isFree(key)) this.records.delete(key);
    this.changed();
  }

  #isFree = (key: number): boolean => this.busy || !this.#open.has(key);

  store(): OutboxStore {
    const own = ++this.#pages;
    let inherited: { readonly key: number; readonly edits: PendingEdits } | undefined;
    this.#open.add(own);
    const replace = async (edits?: PendingEdits) => {
      if (this.refuses) throw new DOMException("The disk is full.", "QuotaExceededError");
      if (inherited && this.records.get(inherited.key) === inherited.edits)
        this.records.delete(inherited.key);
      inherited = undefined;
      if (edits) {
        this.records.set(own, structuredClone(edits));
      } else {
        this.records.delete(own);
        this.noted();
      }
      this.changed();
    };
    return {
      inherit: async () => {
        const found = [...this.records].find(([key]) => key !== own && this.#isFree(key));
        inherited = found && { key: found[0], edits: found[1] };
        return inherited && structuredClone(inherited.edits);
      },
      giveBack: () => {
        inherited = undefined;
      },
      write: (edits) => replace(edits),
      remove: () => replace(),
      elsewhere: async () => {
        const others = [...this.records].filter(([key]) => key !== own);
        return new Set(others.flatMap(([, { now }]) => now.map(([id]) => id))).size;
      },
      alone: (work) => work(),
      close: async () => {
        this.#open.delete(own);
        this.changed();
      },
    };
  }
}

/** A page of the editor, with the picture that people see in it. */
export async function page(
  server: FakeServer,
  browser = new FakeBrowser(),
  wrap: (store: OutboxStore) => OutboxStore = (store) => store,
) {
  const store = mortal(wrap(browser.store()));
  const line = mortal<OutboxServer>({
    send: (changes, opId) => server.send(changes, opId),
    list: () => server.list(),
    restore: (id) => server.restore(id),
    newOpId: server.newOpId,
  });
  let seen: Annotations = new Map();
  const onPatch = (patch: Patch) => {
    seen = withPatch(seen, patch);
  };
  const fetched = structuredClone(await server.list());
  const outbox = await Outbox.open({ store: store.object, server: line.object, onPatch }, fetched);
  seen = outbox.annotations;
  const edit = (id: string, fields: Partial<Annotation> | null) => {
    const next = fields && annotation({ ...(seen.get(id) ?? { version: 0 }), ...fields, id });
    seen = withPatch(seen, new Map([[id, next]]));
    outbox.put(seen);
  };
  /** Ends the page without a word: none of its calls goes through any more, and no answer reaches it. */
  const crash = () => {
    void store.object.close();
    store.end();
    line.end();
  };
  /** What choosing in the editor does: on top of their version comes ours, or theirs as an edit of ours. */
  const decide = ({ id, theirs }: Conflict, choice: "mine" | "theirs") => {
    outbox.resolve(id);
    if (choice === "mine") return;
    seen = withPatch(seen, new Map([[id, theirs]]));
    outbox.put(seen);
  };
  return { outbox, browser, edit, decide, seen: () => seen, crash };
}

/** Once all goes well again the server has what is seen in a page, once, and the browser nothing more to keep. */
export async function expectAllSaved(
  server: FakeServer,
  { outbox, browser, seen, decide }: Awaited<ReturnType<typeof page>>,
): Promise<void> {
  const wanted = classes(seen());
  server.standing = "annotator";
  server.faults = [];
  server.listFaults = [];
  await settle();
  await outbox.flush();
  // A page that ends just as it brings something back cannot tell its own doing from another's: it asks.
  if (outbox.state.kind === "conflict")
    for (const conflict of outbox.state.conflicts) decide(conflict, "mine");
  await settle();
  expect(outbox.state.kind).toBe("saved");
  expect(classes(seen())).toEqual(wanted);
  expect(classes(server.annotations)).toEqual(wanted);
  expect(server.resent).toBe(0);
  expect(browser.records.size).toBe(0);
}

const NEVER = new Promise<never>(() => {});

/** An object whose promises are never kept after its end, and whose calls then do nothing. */
export function mortal<T extends object>(target: T): { object: T; end: () => void } {
  let over = false;
  const call = (method: (...args: unknown[]) => unknown, args: unknown[]) => {
    if (over) return NEVER;
    const answer = method(...args);
    return answer instanceof Promise ? answer.finally(() => (over ? NEVER : undefined)) : answer;
  };
  const object = new Proxy(target, {
    get: (from, name) => {
      const method = Reflect.get(from, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => call(method, args);
    },
  });
  const end = () => {
    over = true;
  };
  return { object, end };
}

export const classes = (annotations: Annotations) =>
  Object.fromEntries([...annotations.values()].map((a) => [a.id, a.class_id]).sort());
export const settle = () => vi.advanceTimersByTimeAsync(120_000);
