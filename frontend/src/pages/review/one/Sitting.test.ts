import { beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../../../server/problem";
import type { ReviewItem, Verdict, VerdictInput } from "../../../server/types";
import { Outgoing } from "../outgoing";
import { GLANCE, Sitting } from "./Sitting";
import { claimed, item } from "./testing";
import { AHEAD, shownOf } from "./walk";

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** A server with a queue of masks that each wait until they are judged. */
function desk(names = NAMES, round = false) {
  const waiting = new Map(names.map((id, i) => [id, item(id, i / 10)]));
  const judged = new Map<string, ReviewItem>();
  const asked: { count: number; keep: string[]; skip: string[] }[] = [];
  const given: { id: string; opId: string; verdict: VerdictInput }[] = [];
  let clock = 0;
  let names_ = 0;
  const refusals: unknown[] = [];
  const giveOne = async ({ annotation }: { annotation: string }) => {
    const one = waiting.get(annotation);
    if (one) judged.set(`v-${annotation}`, one);
    waiting.delete(annotation);
    return { annotation, id: `v-${annotation}` } as Verdict;
  };
  const sitting = new Sitting({
    outgoing: new Outgoing(),
    round,
    claim: async (wanted) => {
      asked.push(wanted);
      const known = new Set([...wanted.keep, ...wanted.skip]);
      const free = [...waiting.values()].filter(({ id }) => !known.has(id));
      return claimed(free.slice(0, wanted.count), waiting.size);
    },
    give: async (id, verdict, opId) => {
      given.push({ id, opId, verdict });
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      const one = waiting.get(id);
      if (one) judged.set(`v-${id}`, one);
      waiting.delete(id);
      return { id: `v-${id}` } as Verdict;
    },
    giveAll: async (verdicts) => {
      const stale = verdicts.filter(
        ({ annotation, version }) => waiting.get(annotation)?.version !== version,
      );
      const refused = stale.map(({ annotation }) => ({
        annotation,
        code: "stale_version",
        detail: "Changed.",
      }));
      if (refused.length > 0)
        throw new Problem({ status: 412, code: "stale_version", detail: "Changed.", body: { refused } });
      return { results: await Promise.all(verdicts.map(giveOne)) };
    },
    undo: async (verdict) => {
      const back = judged.get(verdict);
      if (!back) throw new Problem({ status: 409, code: "too_late", detail: "Too late." });
      waiting.set(back.id, back);
      return claimed([back], waiting.size);
    },
    newId: () => `op-${++names_}`,
    now: () => clock,
    lap: () => 1.5,
  });
  const shown = () => shownOf(sitting.getSnapshot().walk)?.id;
  /** The reviewer looks at what is shown. */
  const look = () => {
    sitting.seen(shown() ?? "", [...waiting.keys()]);
    clock += GLANCE;
  };
  const accept = () => {
    look();
    sitting.judge({ verdict: "accepted" });
  };
  const pass = (milliseconds: number) => {
    clock += milliseconds;
  };
  return { sitting, shown, look, accept, pass, asked, given, refusals, waiting };
}

/** Everything that is on its way arrives. */
const settle = () => vi.advanceTimersByTimeAsync(20_000);

beforeEach(() => void vi.useFakeTimers());

async function begun(names?: string[]) {
  const made = desk(names);
  made.sitting.start();
  await settle();
  return made;
}

describe("a sitting", () => {
  test("claims one to look at and some ahead", async () => {
    const { shown, asked } = await begun();
    expect(shown()).toBe("a");
    expect(asked[0]).toEqual({ count: AHEAD + 1, keep: [], skip: [] });
  });

  test("shows the next one at once, and sends the verdict behind it", async () => {
    const { accept, shown, given } = await begun();
    accept();
    expect(shown()).toBe("b");
    await settle();
    expect(given).toMatchObject([{ id: "a", verdict: { verdict: "accepted", version: 1, seconds: 1.5 } }]);
  });

  test("asks for more while it keeps what it looks at", async () => {
    const { accept, asked } = await begun();
    accept();
    await settle();
    expect(asked.at(-1)).toEqual({ count: 1, keep: ["b", "c", "d"], skip: [] });
  });

  test("judges a whole queue, each mask once", async () => {
    const { accept, shown, given, sitting } = await begun();
    for (const name of NAMES) {
      expect(shown()).toBe(name);
      accept();
      await settle();
    }
    expect(given.map(({ id }) => id)).toEqual(NAMES);
    expect(shown()).toBeUndefined();
    expect(sitting.getSnapshot()).toMatchObject({ asking: false, error: null, waiting: 0 });
  });

  test("judges nothing that was not on the screen for a glance, however fast the keys come", async () => {
    const { sitting, shown, look, pass, given } = await begun();
    look();
    for (let press = 0; press < 5; press++) sitting.judge({ verdict: "accepted" });
    expect(shown()).toBe("b");
    sitting.seen("b");
    pass(GLANCE - 1);
    sitting.judge({ verdict: "accepted" });
    expect(shown()).toBe("b");
    expect(sitting.getSnapshot().notice).toMatch(/before this mask was on the screen/);
    pass(1);
    sitting.judge({ verdict: "accepted" });
    await settle();
    expect(given.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("tries a verdict again with the same operation while the server cannot be reached", async () => {
    const { accept, given, refusals, sitting } = await begun();
    refusals.push(new Problem({ status: 0, code: "unreachable", detail: "No network." }));
    accept();
    await settle();
    expect(given.map(({ opId }) => opId)).toEqual(["op-1", "op-1"]);
    expect(sitting.getSnapshot().notice).toBeNull();
  });

  test("brings a mask back whose verdict did not arrive, and says so", async () => {
    const { accept, refusals, shown, sitting } = await begun();
    refusals.push(
      ...Array(6).fill(new Problem({ status: 503, code: "down", detail: "The server is down." })),
    );
    accept();
    await settle();
    expect(sitting.getSnapshot().notice).toBe("The server is down.");
    expect(shown()).toBe("b");
    accept();
    expect(shown()).toBe("a");
    expect(sitting.getSnapshot().walk.given.has("a")).toBe(false);
  });

  test("shows a mask again that somebody changed in between, as it is now", async () => {
    const { accept, refusals, shown, sitting } = await begun();
    const current = { ...item("a", 0.9), version: 2 };
    refusals.push(
      new Problem({ status: 412, code: "stale_version", detail: "Anna changed it.", body: { current } }),
    );
    accept();
    await settle();
    expect(sitting.getSnapshot().notice).toBe("Anna changed it.");
    sitting.next();
    expect(shown()).toBe("a");
    expect(shownOf(sitting.getSnapshot().walk)?.version).toBe(2);
  });

  test("lets go of a mask that is somebody else's by now", async () => {
    const { accept, refusals, sitting, waiting } = await begun();
    waiting.delete("a");
    refusals.push(new Problem({ status: 409, code: "claimed", detail: "Rui is looking at it." }));
    accept();
    await settle();
    expect(sitting.getSnapshot().notice).toBe("Rui is looking at it.");
    expect(sitting.getSnapshot().walk.items.map(({ id }) => id)).not.toContain("a");
  });

  test("takes verdicts back, the latest first, and they can be given anew", async () => {
    const { accept, shown, sitting, given, waiting } = await begun();
    accept();
    accept();
    await settle();
    sitting.undo();
    expect(shown()).toBe("b");
    sitting.undo();
    expect(shown()).toBe("a");
    await settle();
    expect([...waiting.keys()]).toEqual(expect.arrayContaining(["a", "b"]));
    accept();
    expect(shown()).toBe("b");
    accept();
    expect(shown()).toBe("c");
    await settle();
    expect(given.map(({ id }) => id)).toEqual(["a", "b", "a", "b"]);
  });

  test("takes a verdict back that is still on its way", async () => {
    const { accept, shown, sitting, waiting } = await begun();
    accept();
    sitting.undo();
    expect(shown()).toBe("a");
    await settle();
    expect(waiting.has("a")).toBe(true);
    expect(sitting.getSnapshot().notice).toBeNull();
  });

  test("leaves a verdict as it is that cannot be taken back any more", async () => {
    const { accept, shown, sitting } = await begun();
    accept();
    await settle();
    sitting.undo();
    sitting.undo();
    expect(sitting.getSnapshot().notice).toMatch(/no verdict of this sitting/);
    await settle();
    expect(shown()).toBe("a");
  });

  test("accepts a mask as it was mended here", async () => {
    const { sitting, given, shown } = await begun();
    sitting.fixed({ ...item("a", 0.9), version: 2 });
    expect(shown()).toBe("b");
    sitting.fixed(item("b", 0.9));
    await settle();
    expect(given).toMatchObject([
      { id: "a", verdict: { verdict: "fixed", version: 2 } },
      { id: "b", verdict: { verdict: "accepted", version: 1 } },
    ]);
  });

  test("passes over, goes back, and starts over with what was passed over", async () => {
    const { sitting, shown, asked } = await begun(["a", "b"]);
    sitting.next();
    expect(shown()).toBe("b");
    sitting.back();
    expect(shown()).toBe("a");
    sitting.next();
    sitting.next();
    await settle();
    expect(shown()).toBeUndefined();
    expect(asked.at(-1)?.skip).toEqual(["a", "b"]);
    sitting.start();
    await settle();
    expect(shown()).toBe("a");
  });

  test("what somebody changes while it is shown has to be looked at again", async () => {
    const { sitting, look, shown } = await begun();
    look();
    sitting.replace({ ...item("a", 0.9), version: 2 });
    sitting.judge({ verdict: "accepted" });
    expect(shown()).toBe("a");
  });
});

describe("a sitting at one image", () => {
  const open = async () => {
    const image = desk(["a", "b", "c"], true);
    image.sitting.start();
    await vi.waitFor(() => expect(image.shown()).toBe("a"));
    return image;
  };
  const given = ({ sitting }: { sitting: Sitting }) => [...sitting.getSnapshot().walk.given.keys()];

  test("goes round what has no verdict, in both directions, and lets go of nothing", async () => {
    const image = await open();
    const { sitting, shown, accept, asked } = image;
    sitting.back();
    expect(shown()).toBe("c");
    sitting.next();
    expect(shown()).toBe("a");
    sitting.next();
    accept();
    expect(shown()).toBe("c");
    sitting.next();
    expect(shown()).toBe("a");
    await vi.waitFor(() => expect(sitting.getSnapshot().walk.given.get("b")?.id).toBe("v-b"));
    await sitting.refill();
    expect(asked.at(-1)?.keep).toEqual(["a", "c"]);
    expect(asked.at(-1)?.skip).toEqual([]);
  });

  test("accepts all that is left at once, and takes that back at once", async () => {
    const image = await open();
    const { sitting, shown, accept, look, waiting } = image;
    accept();
    look();
    sitting.acceptRest();
    expect(shown()).toBeUndefined();
    await vi.waitFor(() => expect(waiting.size).toBe(0));
    sitting.undo();
    expect(shown()).toBe("b");
    expect(given(image)).toEqual(["a"]);
    await vi.waitFor(() => expect([...waiting.keys()].sort()).toEqual(["b", "c"]));
    sitting.undo();
    expect(shown()).toBe("a");
  });

  test("accepts nothing of what has not been on the screen", async () => {
    const image = await open();
    const { sitting, pass } = image;
    sitting.seen("a", ["a", "b"]);
    pass(GLANCE);
    sitting.acceptRest();
    expect(given(image)).toEqual([]);
    expect(sitting.getSnapshot().notice).toContain("nothing was decided");
  });

  test("what changed meanwhile comes back as it is now, and the others are accepted", async () => {
    const image = await open();
    const { sitting, shown, look, waiting } = image;
    look();
    waiting.set("b", item("b", 0.1, { version: 2 }));
    sitting.acceptRest();
    await vi.waitFor(() => expect(shown()).toBe("b"));
    expect(sitting.getSnapshot().notice).toContain("1 mask of 3 left out");
    expect(shownOf(sitting.getSnapshot().walk)?.version).toBe(2);
    expect([...waiting.keys()]).toEqual(["b"]);
  });
});
