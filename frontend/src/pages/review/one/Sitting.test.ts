import { beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../../../server/problem";
import { GLANCE } from "./Looked";
import { desk, item, NAMES, settle } from "./testing";
import { AHEAD, shownOf } from "./walk";

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

  test("asks again where the server claims fewer at once than were asked for", async () => {
    const { sitting, asked, limit } = desk(["a", "b", "c", "d", "e"]);
    limit.claimed = 1;
    sitting.start();
    await settle();
    expect(asked.map(({ count }) => count)).toEqual([4, 3, 2, 1]);
    expect(sitting.getSnapshot().walk.items.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
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

  test("what is the same after somebody's change as when it was looked at can be judged", async () => {
    const { sitting, look, shown } = await begun();
    look();
    sitting.replace(item("a", 0.9));
    sitting.judge({ verdict: "accepted" });
    expect(shown()).toBe("b");
  });

  test("an older answer does not replace a newer one", async () => {
    const { sitting } = await begun();
    sitting.replace({ ...item("a", 0.9), version: 3 });
    sitting.replace({ ...item("a", 0.9), version: 2 });
    expect(shownOf(sitting.getSnapshot().walk)?.version).toBe(3);
  });

  test("Z tries the same verdict again that could not be taken back, and not the one before", async () => {
    const { accept, shown, sitting, waiting, undoRefusals } = await begun();
    accept();
    accept();
    await settle();
    undoRefusals.push(
      ...Array(6).fill(new Problem({ status: 0, code: "unreachable", detail: "No network." })),
    );
    sitting.undo();
    await settle();
    expect(sitting.getSnapshot().notice).toBe("No network.");
    sitting.undo();
    expect(shown()).toBe("b");
    await settle();
    expect(waiting.has("b")).toBe(true);
    expect(waiting.has("a")).toBe(false);
  });
});
