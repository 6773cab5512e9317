import { describe, expect, test } from "vitest";
import { modelName, readingNames, saveWord, unsavedSentence } from "./words";

describe("words", () => {
  test("readings of clearly different size are whole, part and subpart, in whatever order they come", () => {
    expect(readingNames([300, 1000, 100])).toEqual(["part", "whole", "subpart"]);
    expect(readingNames([1000, 950, 200])).toEqual(["whole", "whole", "part"]);
  });

  test("readings of the same thing have no names", () => {
    expect(readingNames([1000, 980, 900])).toEqual(["", "", ""]);
    expect(readingNames([1000])).toEqual([""]);
  });

  test("a model is known by its name", () => {
    expect(modelName("mobile_sam@22455dfe9f3d")).toBe("MobileSAM");
    expect(modelName("my_model")).toBe("my_model");
  });

  test("what is not saved says why, and that nothing is lost", () => {
    const state = {
      kind: "unsaved",
      reason: "The server cannot be reached.",
      cure: "wait",
      waiting: 3,
    } as const;
    expect(saveWord(state)).toBe("Offline: 3 waiting");
    expect(saveWord({ ...state, cure: "login" })).toBe("Not saved: 3 waiting");
    expect(unsavedSentence({ ...state, cure: "edit" }, true)).toContain("kept in this browser as a draft");
    expect(unsavedSentence(state, true)).toBe(
      "The server cannot be reached. Your edits are kept in this browser and sent again by themselves.",
    );
  });
});
