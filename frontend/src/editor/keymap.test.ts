import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commands } from "./commands";
import {
  DEFAULT_KEYS,
  holderOf,
  isRemappable,
  type Keymap,
  keysOf,
  remapped,
  restored,
  whyFixed,
} from "./keymap";
import { keyOf, keysPressed, keyToGive } from "./keys";

const keysFor = (id: string, keymap: Keymap) => {
  const command = commands.find((one) => one.id === id);
  return command ? keysOf(command, keymap) : [];
};

describe("a person's own keys", () => {
  test("a key that is given to a command is taken from the one that had it", () => {
    expect(holderOf("B", "segment", commands, DEFAULT_KEYS)?.id).toBe("brush");
    const keymap = remapped(DEFAULT_KEYS, "B", "segment", commands);
    expect(keysFor("segment", keymap)).toEqual(["B"]);
    expect(keysFor("brush", keymap)).toEqual([]);
    expect(holderOf("S", "box", commands, keymap)).toBeUndefined();
  });

  test("restoring a command leaves its key where somebody else has it by now", () => {
    const swapped = remapped(remapped(DEFAULT_KEYS, "S", "brush", commands), "B", "segment", commands);
    expect(keysFor("segment", restored(swapped, "segment", commands))).toEqual([]);
    expect(
      keysFor("brush", restored(remapped(DEFAULT_KEYS, "J", "brush", commands), "brush", commands)),
    ).toEqual(["B"]);
  });

  test("Tab, Escape and the digits stay what they are", () => {
    expect(["Tab", "Escape", "7"].every((key) => whyFixed(key) !== null)).toBe(true);
    expect([whyFixed("7", true), whyFixed("Tab", true) === null]).toEqual([null, false]);
    expect(whyFixed("7+") ?? whyFixed("J")).toBeNull();
    expect(commands.filter((command) => !isRemappable(command)).map(({ id }) => id)).toEqual(
      expect.arrayContaining(["nudge", "nudgeFar", "cancel", "nextCandidate"]),
    );
  });

  test("however keys are given and restored, no two commands ever share one", () => {
    const remap = fc.record({
      id: fc.constantFrom(...commands.filter(isRemappable).map(({ id }) => id)),
      key: fc.constantFrom("A", "B", "S", "J", "[", "Ctrl+Z", "Enter", "?"),
      back: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(remap, { maxLength: 20 }), (steps) => {
        const keymap = steps.reduce(
          (map, { id, key, back }) => (back ? restored(map, id, commands) : remapped(map, key, id, commands)),
          DEFAULT_KEYS,
        );
        const keys = commands.flatMap((command) => keysOf(command, keymap));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

describe("key presses on other keyboards", () => {
  const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

  test("a letter of another script counts as the key it lies on", () => {
    expect(keysPressed({ ...plain, key: "ы", code: "KeyS" })).toEqual(["Ы", "S"]);
    expect(keysPressed({ ...plain, key: "я", code: "KeyZ", ctrlKey: true })).toEqual(["Ctrl+Я", "Ctrl+Z"]);
  });

  test("a bracket is reached where it is printed by AltGr, and where it lies on an American keyboard", () => {
    expect(keysPressed({ ...plain, key: "[", code: "Digit8", ctrlKey: true, altKey: true })).toEqual(["["]);
    expect(keysPressed({ ...plain, key: "ü", code: "BracketLeft" })).toEqual(["Ü", "["]);
    expect(keysPressed({ ...plain, key: "Dead", code: "BracketLeft" })).toEqual(["Dead", "["]);
  });

  test("a bracket's place bears another sign on French keyboards, which goes first", () => {
    expect(keysPressed({ ...plain, key: "Dead", code: "BracketLeft" })).toContain("[");
    expect(keysPressed({ ...plain, key: "$", code: "BracketRight" })).toEqual(["$", "]"]);
    expect(keysPressed({ ...plain, key: "{", code: "BracketLeft", shiftKey: true })).toEqual(["{"]);
    expect(keysPressed({ ...plain, key: "]", code: "BracketRight" })).toEqual(["]"]);
  });

  test("a French digit, shifted or not, is given to no command, and a dead key by what it bears", () => {
    expect(whyFixed(keyToGive({ ...plain, key: "&", code: "Digit1" }))).not.toBeNull();
    expect(whyFixed(keyToGive({ ...plain, key: "1", code: "Digit1", shiftKey: true }))).not.toBeNull();
    expect(keyToGive({ ...plain, key: "Dead", code: "BracketLeft" })).toBe("[");
    expect(keyToGive({ ...plain, key: "ы", code: "KeyS" })).toBe("Ы");
  });

  test("French digits choose classes with and without Shift", () => {
    expect(keysPressed({ ...plain, key: "&", code: "Digit1" })).toEqual(["&", "1"]);
    expect(keyOf({ ...plain, key: "1", shiftKey: true })).toBe("1");
  });

  test("a Latin letter is what is printed on it, wherever it lies", () => {
    expect(keysPressed({ ...plain, key: "u", code: "KeyF" })).toEqual(["U"]);
  });

  test("an American exclamation mark is no digit", () => {
    expect(keysPressed({ ...plain, key: "!", code: "Digit1", shiftKey: true })).toEqual(["!"]);
  });
});
