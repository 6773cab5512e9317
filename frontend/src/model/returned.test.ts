import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Annotation } from "./annotation";
import { type Missing, type Returned, returnedOf, stepped, withNews } from "./returned";
import { annotation, imageOf } from "./testing";

const rita = { id: "rita", name: "Rita" };
const rejection = (version = 1): Annotation["review"] => ({
  verdict: "rejected",
  reason: "Wrong boundary",
  comment: "The ear is cut off",
  by: rita,
  at: "2026-01-01T10:00:00Z",
  version,
});
const rejected = (id: string, fields: Partial<Annotation> = {}) =>
  annotation({ id, state: "rejected", review: rejection(), ...fields });
const pin: Missing = { thread: "t1", by: rita, at: "2026-01-01T10:00:00Z", text: "A sheep", resolved: false };
const NOTHING = new Map();

describe("what came back", () => {
  test("is what was rejected and what is missing, with the reviewer's words", () => {
    const image = imageOf(annotation({ id: "fine" }), rejected("bad"));
    expect(returnedOf(withNews(NOTHING, image), image, [pin])).toEqual([
      {
        id: "bad",
        kind: "object",
        mended: false,
        disputed: false,
        reason: "Wrong boundary",
        comment: "The ear is cut off",
        by: rita,
        at: "2026-01-01T10:00:00Z",
      },
      {
        id: "t1",
        kind: "missing",
        mended: false,
        disputed: false,
        reason: "missing",
        comment: "A sheep",
        by: rita,
        at: pin.at,
      },
    ]);
  });

  test("is mended once a change is saved, once it is deleted, once a missing object is answered", () => {
    const before = imageOf(rejected("changed"), rejected("deleted"), rejected("left"));
    const known = withNews(NOTHING, before);
    const after = imageOf(rejected("changed", { state: "draft" }), rejected("left"));
    const mended = returnedOf(known, after, [{ ...pin, resolved: true }]).filter((one) => one.mended);
    expect(mended.map(({ id }) => id)).toEqual(["changed", "deleted", "t1"]);
  });

  test("is seen to once it is disputed", () => {
    const known = withNews(NOTHING, imageOf(rejected("bad")));
    const now = imageOf(rejected("bad", { state: "submitted", resubmission: "disputed" }));
    expect(returnedOf(known, now, [])).toMatchObject([{ mended: true, disputed: true }]);
  });

  test("counts what was changed in an earlier visit, and forgets what a reviewer has taken back", () => {
    const image = imageOf(
      rejected("earlier", { state: "draft" }),
      rejected("accepted", { state: "accepted" }),
    );
    expect(returnedOf(withNews(NOTHING, image), image, [])).toMatchObject([{ id: "earlier", mended: true }]);
  });

  test("stays the same for as long as nothing comes back, and takes a second rejection for the first", () => {
    const image = imageOf(rejected("bad"));
    const known = withNews(NOTHING, image);
    expect(withNews(known, image)).toBe(known);
    const again = imageOf(rejected("bad", { review: { ...rejection(3), reason: "Wrong class" } as never }));
    expect(returnedOf(withNews(known, again), again, [])).toMatchObject([{ reason: "Wrong class" }]);
  });
});

describe("going through what came back", () => {
  const item = (id: string, mended: boolean): Returned => ({
    id,
    kind: "object",
    mended,
    disputed: false,
    reason: null,
    comment: null,
    by: null,
    at: null,
  });
  const lists = fc
    .array(fc.boolean(), { minLength: 1, maxLength: 9 })
    .map((all) => all.map((mended, i) => item(`${i}`, mended)));

  test("comes to everything that is left, and to nothing else, in either direction", () => {
    fc.assert(
      fc.property(lists, fc.constantFrom(1 as const, -1 as const), (list, by) => {
        const left = list.filter(({ mended }) => !mended);
        const met = new Set<string>();
        let current: string | null = null;
        for (let i = 0; i < list.length; i++) {
          current = stepped(list, current, by)?.id ?? null;
          if (current !== null) met.add(current);
        }
        const wanted = left.length > 0 ? left : list;
        expect([...met].sort()).toEqual(wanted.map(({ id }) => id).sort());
      }),
    );
  });

  test("begins at the first, or from behind at the last", () => {
    const list = [item("a", false), item("b", false), item("c", false)];
    expect(stepped(list, null, 1)?.id).toBe("a");
    expect(stepped(list, null, -1)?.id).toBe("c");
    expect(stepped(list, "c", 1)?.id).toBe("a");
    expect(stepped([], null, 1)).toBeNull();
  });
});
