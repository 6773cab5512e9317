import { beforeEach, describe, expect, test } from "vitest";
import { Problem } from "../../../server/problem";
import type { Claimed, ReviewItem, SheetVerdict, Verdict } from "../../../server/types";
import { Outgoing } from "../outgoing";
import { reviewItem } from "../testing";
import { GLANCE, type Kept, Sheets } from "./Sheets";
import { pointedAt } from "./sheet";

/** A server that gives what waits, least certain first, and refuses what a test says. */
class Queue {
  waiting: ReviewItem[];
  readonly held = new Set<string>();
  readonly verdicts = new Map<string, SheetVerdict>();
  refuses: Record<string, string> = {};
  broken: Problem | null = null;

  constructor(...ids: string[]) {
    this.waiting = ids.map((id) => reviewItem({ id }));
  }

  claim = async ({
    count,
    keep,
    skip,
  }: {
    count: number;
    keep: string[];
    skip: string[];
  }): Promise<Claimed> => {
    const free = this.waiting.filter(({ id }) => !keep.includes(id) && !skip.includes(id)).slice(0, count);
    this.held.clear();
    for (const id of [...keep, ...free.map((item) => item.id)]) this.held.add(id);
    return { results: free, until: "", waiting: this.waiting.length };
  };

  give = async (given: readonly SheetVerdict[]) => {
    if (this.broken) throw this.broken;
    this.#refuse(given.map(({ annotation }) => annotation));
    for (const each of given) this.verdicts.set(each.annotation, each);
    this.waiting = this.waiting.filter(({ id }) => !this.verdicts.has(id));
    return { results: given.map(({ annotation }) => ({ id: `v-${annotation}`, annotation })) as Verdict[] };
  };

  undo = async (ids: readonly string[]): Promise<Claimed> => {
    const back = ids.map((id) => id.slice(2));
    this.#refuse(back);
    for (const id of back) this.verdicts.delete(id);
    this.waiting = [...back.map((id) => reviewItem({ id })), ...this.waiting];
    return { results: this.waiting.slice(0, back.length), until: "", waiting: this.waiting.length };
  };

  #refuse(ids: readonly string[]): void {
    const refused = ids
      .filter((id) => this.refuses[id])
      .map((annotation) => ({ annotation, code: "stale_version", detail: this.refuses[annotation] }));
    if (refused.length > 0)
      throw new Problem({ status: 412, code: "stale_version", detail: "Changed.", body: { refused } });
  }
}

let clock = 0;
let kept: Kept;
beforeEach(() => {
  clock = 0;
  kept = { marks: new Map(), at: null, reason: null };
});

const settled = () => new Promise((done) => setTimeout(done, 0));

function sittingAt(queue: Queue): Sheets {
  return new Sheets({
    outgoing: new Outgoing(),
    ...queue,
    claim: queue.claim,
    give: queue.give,
    undo: queue.undo,
    newId: () => "op",
    now: () => clock,
    lap: (verdicts) => 10 / verdicts,
    reviewer: "rui",
    kept,
  });
}

async function open(queue: Queue, count: number) {
  const sheets = sittingAt(queue);
  sheets.start(count);
  await settled();
  return { sheets, look: () => look(sheets), shown: () => shown(sheets) };
}

const shown = (sheets: Sheets) =>
  sheets
    .getSnapshot()
    .sheet?.items.map(({ id }) => id)
    .join("") ?? null;

function look(sheets: Sheets) {
  for (const { id } of sheets.getSnapshot().sheet?.items ?? []) sheets.drawn(id);
  clock += GLANCE;
}

async function accept(sheets: Sheets) {
  look(sheets);
  sheets.accept();
  await settled();
}

describe("a sitting of sheets", () => {
  test("the next sheet is claimed while this one is looked at, and both are held", async () => {
    const queue = new Queue(..."abcdefgh");
    const { sheets, shown } = await open(queue, 3);
    expect(shown()).toBe("abc");
    expect(sheets.getSnapshot().ahead[0]?.items.map(({ id }) => id)).toEqual(["d", "e", "f"]);
    expect([...queue.held].sort().join("")).toBe("abcdef");
  });

  test("what is marked is rejected, the rest accepted, each with its share of the time", async () => {
    const queue = new Queue(..."abcdefgh");
    const { sheets, shown } = await open(queue, 3);
    sheets.move("right", 3);
    sheets.mark("Rough edge");
    await accept(sheets);
    expect(queue.verdicts.get("a")).toMatchObject({ verdict: "accepted", seconds: 10 / 3 });
    expect(queue.verdicts.get("b")).toMatchObject({ verdict: "rejected", reason: "Rough edge" });
    expect(shown()).toBe("def");
  });

  test("all sheets are gone through to the end", async () => {
    const queue = new Queue(..."abcdefgh");
    const { sheets, shown } = await open(queue, 3);
    for (let i = 0; i < 3; i++) await accept(sheets);
    expect(shown()).toBeNull();
    expect(queue.verdicts.size).toBe(8);
  });

  test("nothing is decided about what is not on the screen yet", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets, shown, look } = await open(queue, 3);
    sheets.drawn("a");
    clock += GLANCE;
    sheets.accept();
    expect(sheets.getSnapshot().notice).toContain("2 of the pictures");
    look();
    clock -= 1;
    sheets.accept();
    expect(sheets.getSnapshot().notice).toContain("before this sheet could be looked at");
    expect(shown()).toBe("abc");
    expect(queue.verdicts.size).toBe(0);
  });

  test("what has no picture is left waiting, unless it is marked", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets } = await open(queue, 3);
    sheets.pictureless("a");
    sheets.pictureless("b");
    sheets.mark("Rough edge");
    await accept(sheets);
    expect([...queue.verdicts.keys()].join("")).toBe("ac");
    expect(sheets.getSnapshot().notice).toContain("1 mask without a picture");
  });

  test("one that was changed meanwhile is left out by name, and the others do not suffer", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets, shown } = await open(queue, 3);
    queue.refuses = { b: "Ana changed this annotation." };
    sheets.mark("Rough edge");
    await accept(sheets);
    expect([...queue.verdicts.keys()].join("")).toBe("ac");
    expect(queue.verdicts.get("a")?.verdict).toBe("rejected");
    expect(sheets.getSnapshot().notice).toBe(
      "1 mask of 3 left out, all others done. sheep.jpg: Ana changed this annotation.",
    );
    queue.refuses = {};
    await accept(sheets);
    expect(shown()).toBe("b");
  });

  test("a sheet that cannot be sent comes back with its marks, and the one behind it waits", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets, shown } = await open(queue, 3);
    queue.broken = new Problem({ status: 403, code: "permission_denied", detail: "You may not." });
    sheets.mark("Rough edge");
    await accept(sheets);
    expect(shown()).toBe("abc");
    expect(sheets.getSnapshot().sheet?.marks.get("a")).toBe("Rough edge");
    expect(sheets.getSnapshot().notice).toBe("You may not.");
    queue.broken = null;
    await accept(sheets);
    expect(shown()).toBe("def");
  });

  test("Z brings the sheet before back with its marks", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets, shown } = await open(queue, 3);
    sheets.move("right", 3);
    sheets.mark("Rough edge");
    await accept(sheets);
    await sheets.undo();
    expect(shown()).toBe("abc");
    expect([...(sheets.getSnapshot().sheet?.marks ?? [])]).toEqual([["b", "Rough edge"]]);
    expect(queue.verdicts.size).toBe(0);
    await accept(sheets);
    expect(shown()).toBe("def");
    await sheets.undo();
    await sheets.undo();
    expect(sheets.getSnapshot().notice).toContain("No sheet");
  });

  test("Z while a partly refused sheet is on its way takes back what of it was done", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets, look, shown } = await open(queue, 3);
    queue.refuses = { b: "Ana changed this annotation." };
    look();
    sheets.accept();
    await sheets.undo();
    expect(queue.verdicts.size).toBe(0);
    expect(shown()).toBe("ac");
  });

  test("Z on a sheet that then cannot be sent leaves the one before it to be taken back", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets, look, shown } = await open(queue, 3);
    await accept(sheets);
    queue.broken = new Problem({ status: 403, code: "permission_denied", detail: "You may not." });
    look();
    sheets.accept();
    await sheets.undo();
    expect(shown()).toBe("def");
    expect(sheets.getSnapshot().notice).toBe("You may not.");
    await sheets.undo();
    expect(shown()).toBe("abc");
  });

  test("what cannot be taken back stays, and is named", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets, shown } = await open(queue, 3);
    await accept(sheets);
    queue.refuses = { c: "It was changed since." };
    await sheets.undo();
    expect(shown()).toBe("ab");
    expect(sheets.getSnapshot().notice).toContain("It was changed since.");
  });

  test("marks and place are found again by whoever comes back from the editor", async () => {
    const queue = new Queue(..."abcdef");
    const { sheets } = await open(queue, 3);
    sheets.move("last", 3);
    sheets.mark("Wrong object");
    const { sheets: later } = await open(queue, 3);
    const { sheet } = later.getSnapshot();
    expect(sheet && pointedAt(sheet)?.id).toBe("c");
    expect(sheet?.marks.get("c")).toBe("Wrong object");
    expect(kept.reason).toBe("Wrong object");
  });
});
