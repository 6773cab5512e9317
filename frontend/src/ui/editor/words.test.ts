import { describe, expect, test } from "vitest";
import { modelName, saveWord, unsavedSentence } from "./words";

describe("words", () => {
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
