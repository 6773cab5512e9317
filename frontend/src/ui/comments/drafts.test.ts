import { describe, expect, test } from "vitest";
import { draftsOf } from "./drafts";

function storage(kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
    removeItem: (key: string) => {
      delete kept[key];
    },
  };
}

describe("what somebody has begun to write", () => {
  test("is there again for that person on that image, each thing for itself", () => {
    const shared = storage();
    const pin = { x: 1, y: 2, annotation: null };
    draftsOf("anna", "i", shared).write("new", { text: "Is this", pin, missing: true });
    draftsOf("anna", "i", shared).write("answer:t", { text: "No, a" });
    expect(draftsOf("anna", "i", shared).read("new")).toEqual({ text: "Is this", pin, missing: true });
    expect(draftsOf("anna", "i", shared).slots()).toEqual(["new", "answer:t"]);
    for (const other of [draftsOf("rui", "i", shared), draftsOf("anna", "j", shared)])
      expect(other.slots()).toEqual([]);
  });

  test("leaves nothing behind when it is sent, given up or emptied", () => {
    const shared = storage();
    const drafts = draftsOf("anna", "i", shared);
    drafts.write("new", { text: "Is this" });
    drafts.write("new", null);
    drafts.write("answer:t", { text: "No" });
    drafts.write("answer:t", { text: " " });
    expect(shared.kept).toEqual({});
  });

  test("is nothing where it cannot be read or kept", () => {
    const key = "maskwright:comment-drafts:anna:i";
    expect(draftsOf("anna", "i", storage({ [key]: "{" })).read("new")).toBeNull();
    const odd = JSON.stringify({ new: { text: 3 }, "answer:t": { text: "No", pin: "there" } });
    expect(draftsOf("anna", "i", storage({ [key]: odd })).slots()).toEqual(["answer:t"]);
    const full = {
      ...storage(),
      setItem: () => {
        throw new DOMException("The disk is full.", "QuotaExceededError");
      },
    };
    draftsOf("anna", "i", full).write("new", { text: "Is this" });
    expect(draftsOf("anna", "i", full).read("new")).toBeNull();
  });
});
