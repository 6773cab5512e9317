import { describe, expect, test } from "vitest";
import { anna, annotation, imageOf } from "../model/testing";
import { idleSelect, stepSelect } from "./select";
import type { ToolContext, ToolEvent } from "./tool";

const world = (selected: string | null, hidden: string[] = []): ToolContext => ({
  image: imageOf(
    annotation({ id: "low", z: 0 }),
    annotation({ id: "middle", z: 1 }),
    annotation({ id: "top", z: 2 }),
  ),
  hidden: new Set(hidden),
  selected: selected === null ? [] : [selected],
  scale: 1,
  classId: null,
  me: anna,
  ready: true,
  newId: () => "new",
});
const at = (x: number, y: number) => ({ at: { x, y }, screen: { x, y } });
const click: ToolEvent = { type: "down", pointer: at(1, 1), removes: false, shift: false };
const picked = (event: ToolEvent, context: ToolContext) => stepSelect(idleSelect, event, context).effects;

describe("the select tool", () => {
  test("a click picks the topmost, a further click the next below, and round again", () => {
    expect(picked(click, world(null))).toEqual([{ type: "select", ids: ["top"] }]);
    expect(picked(click, world("top"))).toEqual([{ type: "select", ids: ["middle"] }]);
    expect(picked(click, world("low"))).toEqual([{ type: "select", ids: ["top"] }]);
  });

  test("hidden objects cannot be picked", () => {
    expect(picked(click, world(null, ["top", "middle"]))).toEqual([{ type: "select", ids: ["low"] }]);
  });

  test("a click beside everything and Escape clear the selection", () => {
    const beside: ToolEvent = { type: "down", pointer: at(7, 7), removes: false, shift: false };
    expect(picked(beside, world("top"))).toEqual([{ type: "select", ids: [] }]);
    expect(picked({ type: "cancel" }, world("top"))).toEqual([{ type: "select", ids: [] }]);
  });

  test("Tab goes through the objects, past the hidden ones", () => {
    expect(picked({ type: "next" }, world("low", ["middle"]))).toEqual([{ type: "select", ids: ["top"] }]);
    expect(picked({ type: "next" }, world("top"))).toEqual([{ type: "select", ids: ["low"] }]);
    expect(picked({ type: "previous" }, world(null))).toEqual([{ type: "select", ids: ["top"] }]);
  });

  test("what lies under the pointer is marked, until the pointer leaves", () => {
    const over = stepSelect(idleSelect, { type: "move", pointer: at(1, 1) }, world(null)).state;
    expect(over.hovered).toBe("top");
    expect(stepSelect(over, { type: "leave" }, world(null)).state.hovered).toBeNull();
  });
});
