import { describe, expect, test } from "vitest";
import { NOTHING_PERSONAL, PLAIN_LOOK, recall, remember } from "./personal";

function storage(kept: Record<string, string> = {}) {
  return {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
  };
}

describe("what a person has set", () => {
  test("is there again for that person, and for nobody else", () => {
    const shared = storage();
    const personal = {
      look: { ...PLAIN_LOOK, gamma: 2, outlines: false },
      keymap: { brush: ["J"] },
      recentClasses: ["owl"],
      tidiesMasks: true,
    };
    remember("anna", personal, shared);
    expect(recall("anna", shared)).toEqual(personal);
    expect(recall("rui", shared)).toEqual(NOTHING_PERSONAL);
  });

  test("is as in the beginning where it cannot be read, and within its limits where it can", () => {
    expect(recall("anna", storage({ "maskwright:editor:anna": "{" }))).toEqual(NOTHING_PERSONAL);
    const odd = JSON.stringify({
      look: { opacity: 7, gamma: "much", colourBy: "age" },
      keymap: { brush: 3 },
      recentClasses: ["owl", 7],
      tidiesMasks: "yes",
    });
    expect(recall("anna", storage({ "maskwright:editor:anna": odd }))).toEqual({
      look: { ...PLAIN_LOOK, opacity: 1 },
      keymap: {},
      recentClasses: ["owl"],
      tidiesMasks: false,
    });
  });

  test("a browser that keeps nothing stops nobody", () => {
    const full = {
      setItem: () => {
        throw new Error("QuotaExceededError");
      },
    };
    expect(() => remember("anna", NOTHING_PERSONAL, full)).not.toThrow();
  });
});
