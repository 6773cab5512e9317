import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newAttribute, toSave, whyNot } from "./attributeDrafts";

const named = (name: string) => ({ ...newAttribute(), name, kind: "text" as const });

describe("attributes on their way to the server", () => {
  test("new ones get a readable id once, and keep it when they are renamed", () => {
    const [first] = toSave([named("Weather at night")]);
    expect(first?.id).toBe("weather_at_night");
    expect(toSave([{ ...named("Weather"), id: "weather_at_night" }])[0]?.id).toBe("weather_at_night");
  });

  test("whatever they are called, every id is one that the server takes, and no two are the same", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 })), (names) => {
        const ids = toSave(names.map(named)).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) expect(id).toMatch(/^[a-z0-9_]{1,50}$/);
      }),
    );
  });

  test("names must be there and differ, and a choice needs choices", () => {
    expect(whyNot([named("")])).toMatch(/needs a name/);
    expect(whyNot([named("Fur"), named("Fur ")])).toMatch(/same name/);
    expect(whyNot([{ ...named("Fur"), kind: "choice" }])).toBe("“Fur” needs choices.");
    expect(whyNot([named("Fur"), { ...named("Hat"), kind: "choice", choices: ["big"] }])).toBeNull();
    expect(toSave([{ ...named("Fur"), choices: ["left over"] }])[0]?.choices).toEqual([]);
  });
});
