import { beforeEach, describe, expect, test, vi } from "vitest";
import { GLANCE } from "./Looked";
import type { Sitting } from "./Sitting";
import { desk, item } from "./testing";
import { shownOf } from "./walk";

beforeEach(() => void vi.useFakeTimers());

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

  test("accepts nothing of what changed since it was on the screen", async () => {
    const image = await open();
    image.look();
    image.sitting.replace(item("b", 0.1, { version: 2 }));
    image.sitting.acceptRest();
    expect(given(image)).toEqual([]);
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
