import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Attribute,
  afterPick,
  defaultsOf,
  firstLacking,
  isPicked,
  missingOf,
  optionsOf,
  withValue,
} from "./attributes";
import { labeledImage } from "./labeledImage";
import { annotation } from "./testing";

const attribute = (fields: Partial<Attribute>): Attribute => ({
  id: "fur",
  name: "Fur",
  kind: "choice",
  choices: ["short", "long"],
  required: true,
  default: null,
  ...fields,
});
const fur = attribute({});
const wears = attribute({ id: "wears", name: "Wears", kind: "choices", choices: ["hat", "coat"] });
const hidden = attribute({ id: "hidden", name: "Hidden", kind: "yes_no", choices: [], default: false });
const note = attribute({ id: "note", name: "Note", kind: "text", choices: [], required: false });
const sheep = { id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [fur, wears, hidden, note] };

describe("what is said of an object", () => {
  test("a choice is picked and let go again; of several each one by itself", () => {
    expect(afterPick(fur, "short", "long")).toBe("long");
    expect(afterPick(fur, "long", "long")).toBeUndefined();
    expect(afterPick(wears, undefined, "hat")).toEqual(["hat"]);
    expect(afterPick(wears, ["hat", "coat"], "hat")).toEqual(["coat"]);
    expect(afterPick(hidden, true, false)).toBe(false);
  });

  test("picking twice changes nothing, whatever was picked", () => {
    const picks = fc.constantFrom(
      ...[fur, wears, hidden].flatMap((one) => optionsOf(one).map((o) => [one, o.value] as const)),
    );
    fc.assert(
      fc.property(picks, fc.subarray(["hat", "coat"]), ([one, option], several) => {
        const before = one.kind === "choices" ? several : undefined;
        const once = afterPick(one, before, option);
        const twice = afterPick(one, once, option);
        expect(isPicked(one, once, option)).toBe(!isPicked(one, before, option));
        expect(new Set((twice as unknown[] | undefined) ?? [])).toEqual(new Set(before ?? []));
      }),
    );
  });

  test("nothing said is nothing kept, and no is something", () => {
    expect(withValue({ fur: "long", age: 3 }, "fur", undefined)).toEqual({ age: 3 });
    expect(withValue({}, "note", "")).toEqual({});
    expect(withValue({}, "hidden", false)).toEqual({ hidden: false });
    expect(withValue({}, "age", 0)).toEqual({ age: 0 });
  });

  test("new objects get the defaults, and lack what is required beyond them", () => {
    expect(defaultsOf(sheep)).toEqual({ hidden: false });
    expect(missingOf(annotation({ attributes: defaultsOf(sheep) }), [sheep])).toEqual(["Fur", "Wears"]);
    expect(
      missingOf(annotation({ attributes: { fur: "long", wears: ["hat"], hidden: true } }), [sheep]),
    ).toEqual([]);
    expect(missingOf(annotation({ class_id: "grass" }), [sheep])).toEqual([]);
  });

  test("only objects that are to be handed in are asked for, and no tags", () => {
    const image = labeledImage({ id: "i", width: 8, height: 8 }, [
      annotation({ id: "accepted", state: "accepted" }),
      annotation({ id: "tag", kind: "tag", z: 1 }),
      annotation({ id: "draft", z: 2 }),
    ]);
    expect(firstLacking(image, [sheep])?.id).toBe("draft");
  });
});
