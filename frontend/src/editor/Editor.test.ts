import { beforeEach, describe, expect, test, vi } from "vitest";
import { boxContains } from "../geometry/box";
import { encodeRle } from "../geometry/rle";
import { toImage, toScreen } from "../geometry/viewport";
import type { Prediction, Prompt } from "../model/prediction";
import { anna, annotation, imageOf } from "../model/testing";
import { shownProposals } from "../tools/proposals";
import { questionOf } from "./asking";
import { clipboard } from "./clipboard";
import { type CommandContext, commandNamed, commands } from "./commands";
import { Editor } from "./Editor";
import { handOf } from "./hand";
import { attachKeys, keyOf } from "./keys";
import { firstSnapshot } from "./snapshot";

const prediction: Prediction = {
  model: "mobile_sam",
  preferred: 0,
  candidates: [0.9, 0.7].map((score) => ({
    segmentation: { size: [8, 8], counts: "0260`1" },
    bbox: [0, 0, 2, 2],
    area: 4,
    score,
    stability_score: 0.9,
    logits: "",
  })),
};
const classes = [
  { id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] },
  { id: "grass", name: "Grass", colour: "#009e73", attributes: [] },
];

function open({ readOnly = false, ready = true } = {}) {
  const predict = vi.fn((_: Prompt): Promise<Prediction> => Promise.resolve(prediction));
  let ids = 0;
  const editor = new Editor({
    image: imageOf(annotation({ id: "old" })),
    classes,
    me: anna,
    readOnly,
    ready,
    ports: { predict, newId: () => `new-${++ids}` },
  });
  editor.resize({ width: 848, height: 848 });
  const page = {
    previousImage: undefined,
    nextImage: vi.fn(),
    submit: undefined,
    showKeys: vi.fn(),
    show: vi.fn(),
    copyPrevious: undefined,
    canSkip: false,
    showAttributes: vi.fn(),
  };
  const context: CommandContext = { editor, page };
  const run = (id: string) => commandNamed(id).run(context);
  const click = async (x: number, y: number) => {
    editor.down({ x, y });
    editor.up({ x, y });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { editor, predict, page, context, run, click };
}

describe("the editor", () => {
  test("a click, a candidate, Enter: an annotation of the current class, and the tool is still SAM", async () => {
    const { editor, predict, run, click } = open();
    await click(424, 424);
    expect(predict.mock.calls[0]?.[0].points).toEqual([{ x: 4, y: 4, label: 1 }]);
    run("nextCandidate");
    run("commit");
    expect(editor.image.annotations.get("new-1")).toMatchObject({ class_id: "sheep", chosen_rank: 1, z: 1 });
    expect(editor.getSnapshot().tool).toBe("segment");
    expect(editor.getSnapshot().history.done.at(-1)?.label).toBe("new Sheep");
  });

  test("S with a mask selected refines it: one labelled entry, which undo takes back", async () => {
    const { editor, predict, run, click } = open();
    run("select");
    editor.select("old");
    run("segment");
    const before = editor.image.annotations.get("old");
    await click(232, 232);
    expect(predict.mock.calls[0]?.[0].mask).toBe(before?.segmentation);
    run("cancel");
    expect(editor.image.annotations.get("old")).toBe(before);
    expect(editor.getSnapshot().selected).toEqual(["old"]);
    await click(232, 232);
    run("commit");
    expect(editor.image.annotations.get("old")?.prompts).toMatchObject([{ mask: true }]);
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual(["refinement of Sheep 1"]);
    run("undo");
    expect(editor.image.annotations.get("old")).toBe(before);
  });

  test("what was just made keeps its class: a class that is chosen after Enter is for the next object", async () => {
    const { editor, run, click } = open();
    await click(424, 424);
    run("commit");
    expect(editor.getSnapshot().selected).toEqual(["new-1"]);
    editor.chooseClass("grass");
    expect(editor.image.annotations.get("new-1")?.class_id).toBe("sheep");
    expect(editor.getSnapshot().classId).toBe("grass");
    editor.select("new-1");
    editor.move({ x: 232, y: 232 });
    editor.chooseClass("grass");
    expect(editor.image.annotations.get("new-1")?.class_id, "picked, and pointed at").toBe("grass");
  });

  test("undo right after Enter takes back what the model has not answered yet, and nothing before it", async () => {
    const { editor, predict, run } = open();
    editor.remove("old");
    let answer = (_: Prediction) => {};
    predict.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    editor.down({ x: 424, y: 424 });
    editor.up({ x: 424, y: 424 });
    run("commit");
    run("undo");
    answer(prediction);
    await Promise.resolve();
    await Promise.resolve();
    expect(editor.image.annotations.size).toBe(0);
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual(["deletion of Sheep 1"]);
  });

  test("Tab goes to another object with the tool in use, and leaves a stroke alone", () => {
    const { editor, run } = open();
    editor.receive(new Map([["two", annotation({ id: "two", z: 1 })]]));
    run("brush");
    run("nextCandidate");
    run("nextCandidate");
    expect(editor.getSnapshot()).toMatchObject({ tool: "brush", selected: ["two"] });
    editor.down({ x: 300, y: 300 });
    run("nextCandidate");
    expect(editor.getSnapshot()).toMatchObject({ tool: "brush", selected: ["two"] });
  });

  test("proposals that one drag accepts are one labelled entry, and undo offers them again", () => {
    const { editor, run } = open();
    const proposal = (column: number) => ({
      segmentation: encodeRle({ x: column, y: 5, w: 1, h: 1, data: new Uint8Array([1]) }, editor.image),
      bbox: [column, 5, 1, 1] as const,
      area: 1,
      predicted_iou: 0.9,
      stability_score: 0.9,
      point_coords: [],
      level: 0,
    });
    const all = [proposal(4), proposal(6)];
    const shown = () => {
      const { proposing, proposals } = editor.getSnapshot();
      return shownProposals(proposing.filter, { proposals, image: editor.image });
    };
    editor.setProposals({ kind: "ready", all, model: "mobile_sam" });
    run("proposals");
    editor.down({ x: 350, y: 450 });
    editor.move({ x: 800, y: 700 });
    editor.up({ x: 800, y: 700 });
    expect(editor.image.annotations.size).toBe(3);
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual([
      "acceptance of 2 proposals",
    ]);
    expect(editor.getSnapshot().tool).toBe("proposals");
    expect(shown()).toEqual([]);
    run("undo");
    expect(shown()).toEqual(all);
    run("nextCandidate");
    run("commit");
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual(["acceptance of a proposal"]);
    run("finer");
    run("finer");
    run("finer");
    expect(editor.getSnapshot().proposing.filter.level).toBe(2);
  });

  test("tool, class and what is worth a look go along to the next image; whoever selected begins with SAM", () => {
    const { editor, run } = open();
    const next = (known = classes) => {
      const hand = handOf(editor.getSnapshot());
      return firstSnapshot({ image: imageOf(), classes: known, readOnly: false, ready: true, hand });
    };
    editor.setProposals({ kind: "ready", all: [], model: "mobile_sam" });
    run("proposals");
    run("finer");
    editor.chooseClass("grass");
    expect(next()).toMatchObject({
      tool: "proposals",
      classId: "grass",
      proposing: { filter: { level: 1 }, lit: null },
    });
    run("select");
    expect(next()).toMatchObject({ tool: "segment", classId: "grass" });
    expect(next([])).toMatchObject({ classId: null });
  });

  test("undo takes back points while a mask is under way, and objects only after it", async () => {
    const { editor, run, click } = open();
    await click(424, 424);
    run("commit");
    await click(300, 300);
    run("undo");
    expect(editor.image.annotations.size).toBe(2);
    run("undo");
    expect(editor.image.annotations.size).toBe(1);
    run("redo");
    expect(editor.image.annotations.size).toBe(2);
  });

  test("several are deleted, and get another class, as one entry each", () => {
    const { editor, run } = open();
    editor.receive(new Map([["two", annotation({ id: "two", z: 1 })]]));
    run("select");
    editor.select("old", "two");
    editor.chooseClass("grass");
    expect([...editor.image.annotations.values()].map(({ class_id }) => class_id)).toEqual([
      "grass",
      "grass",
    ]);
    run("delete");
    expect(editor.image.annotations.size).toBe(0);
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual([
      "class of 2 objects",
      "deletion of 2 objects",
    ]);
    run("undo");
    run("undo");
    expect([...editor.image.annotations.values()].map(({ class_id }) => class_id)).toEqual([
      "sheep",
      "sheep",
    ]);
  });

  test("what is locked is not changed by anything until it is unlocked", () => {
    const { editor, run } = open();
    editor.select("old");
    run("lock");
    run("delete");
    expect(editor.image.annotations.has("old")).toBe(true);
    expect(editor.getSnapshot().notice).toContain("locked");
    run("lock");
    run("delete");
    expect(editor.image.annotations.has("old")).toBe(false);
  });

  test("masks are merged into the first selected, and what changes nothing is said", () => {
    const { editor, run } = open();
    editor.receive(new Map([["two", annotation({ id: "two", z: 1 })]]));
    editor.select("two", "old");
    run("merge");
    expect([...editor.image.annotations.keys()]).toEqual(["two"]);
    expect(editor.getSnapshot().history.done.at(-1)?.label).toBe("merge of 2 objects");
    expect(editor.getSnapshot().selected).toEqual(["two"]);
    run("fillHoles");
    expect(editor.getSnapshot().notice).toBe("There are no holes in it.");
    expect(editor.getSnapshot().history.done).toHaveLength(1);
  });

  test("a point that was touched is not deleted from another object", () => {
    const { editor } = open();
    const ring = [1, 1, 6, 1, 6, 6, 1, 6];
    const polygon = { kind: "polygon", segmentation: null, polygon: [[ring]], bbox: [1, 1, 5, 5] } as const;
    editor.receive(new Map(["p", "q"].map((id) => [id, annotation({ id, ...polygon })])));
    editor.setTool("select");
    editor.select("p");
    editor.down({ x: 232, y: 232 });
    editor.up({ x: 232, y: 232 });
    expect(editor.getSnapshot().select.vertex).not.toBeNull();
    editor.select("q");
    expect(editor.getSnapshot().select.vertex).toBeNull();
  });

  test("a failed prediction is a sentence", async () => {
    const { editor, predict, click } = open();
    predict.mockRejectedValue(new Error("The server cannot be reached."));
    await click(424, 424);
    expect(editor.getSnapshot().segment.problem).toBe("The server cannot be reached.");
  });

  test("a number key chooses the class for what comes; with the select tool it changes the selected object", () => {
    const { editor } = open();
    editor.chooseClass("grass");
    expect(editor.image.annotations.get("old")?.class_id).toBe("sheep");
    editor.setTool("select");
    editor.select("old");
    editor.chooseClass("grass");
    expect(editor.image.annotations.get("old")?.class_id).toBe("grass");
  });

  test("deleting what is selected clears the selection, and undo brings the object back", () => {
    const { editor, run } = open();
    editor.select("old");
    run("delete");
    expect(editor.getSnapshot().selected).toEqual([]);
    run("undo");
    expect(editor.image.annotations.has("old")).toBe(true);
  });

  test("undo and redo say what was done and to what, in the same words", async () => {
    const { editor, context, run, click } = open();
    const said = () => ["undo", "redo"].map((id) => commandNamed(id).label(context));
    editor.select("old");
    run("brush");
    await click(60, 60);
    expect(said()).toEqual(["Undo brush stroke on Sheep 1", "Redo"]);
    run("undo");
    expect(said()).toEqual(["Undo", "Redo brush stroke on Sheep 1"]);
  });

  test("who may only look cannot change anything and is told so", () => {
    const { editor, run } = open({ readOnly: true });
    run("segment");
    expect(editor.getSnapshot().tool).toBe("select");
    editor.remove("old");
    expect(editor.image.annotations.has("old")).toBe(true);
    expect(editor.getSnapshot().notice).toContain("not change");
  });

  test("zooming at the pointer keeps what is under it, and a fitted image stays fitted when the window changes", () => {
    const { editor } = open();
    const before = toImage(editor.getSnapshot().viewport, { x: 200, y: 300 });
    editor.zoom({ x: 200, y: 300 }, 1.1);
    const after = toImage(editor.getSnapshot().viewport, { x: 200, y: 300 });
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
    editor.fit();
    editor.resize({ width: 448, height: 848 });
    expect(editor.getSnapshot().viewport.scale).toBe(50);
  });

  test("a view that fits an object fits a far earlier version of it too, as long as that is looked at", () => {
    const { editor } = open();
    const lookBack = (...bbox: [number, number, number, number]) =>
      editor.showPast(annotation({ id: "old", bbox }));
    const isSeen = (x: number, y: number) => {
      const { viewport, screen } = editor.getSnapshot();
      return boxContains({ x: 0, y: 0, w: screen.width, h: screen.height }, toScreen(viewport, { x, y }));
    };
    editor.resize({ width: 200, height: 200 });
    editor.turnTo("old");
    const before = editor.getSnapshot().viewport;
    lookBack(0, 0, 1, 1);
    expect(editor.getSnapshot().viewport, "one in view moves nothing").toEqual(before);
    expect(isSeen(7, 6)).toBe(false);
    lookBack(6, 5, 1, 1);
    expect([isSeen(0, 0), isSeen(7, 6)]).toEqual([true, true]);
    editor.showPast(null);
    expect(editor.getSnapshot().viewport).toEqual(before);
  });

  test("whoever has zoomed keeps the view while earlier versions are looked at", () => {
    const { editor } = open();
    editor.turnTo("old");
    editor.zoom({ x: 200, y: 300 }, 1.1);
    const { viewport } = editor.getSnapshot();
    editor.showPast(annotation({ id: "old", bbox: [6, 6, 1, 1] }));
    expect(editor.getSnapshot().viewport).toBe(viewport);
  });
});

describe("keys", () => {
  const canvas = document.createElement("div");
  canvas.tabIndex = 0;
  beforeEach(() => {
    document.body.replaceChildren(canvas);
  });
  const press = (target: Element, init: KeyboardEventInit) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));

  test("are named the same on every keyboard", () => {
    const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
    expect(keyOf({ ...plain, key: "s" })).toBe("S");
    expect(keyOf({ ...plain, key: "?", shiftKey: true })).toBe("?");
    // German: AltGr+8, as Windows, Linux and macOS tell it.
    expect(keyOf({ ...plain, key: "[", ctrlKey: true, altKey: true })).toBe("[");
    expect(keyOf({ ...plain, key: "[" })).toBe("[");
    expect(keyOf({ ...plain, key: "[", altKey: true })).toBe("[");
    expect(keyOf({ ...plain, key: "z", metaKey: true, shiftKey: true })).toBe("Ctrl+Shift+Z");
    expect(keyOf({ ...plain, key: "Tab", shiftKey: true })).toBe("Shift+Tab");
  });

  test("run commands, but not while somebody types", () => {
    const { editor, context } = open();
    const detach = attachKeys(canvas, () => context);
    const input = document.body.appendChild(document.createElement("input"));
    press(input, { key: "v" });
    expect(editor.getSnapshot().tool).toBe("segment");
    press(document.body, { key: "v" });
    expect(editor.getSnapshot().tool).toBe("select");
    detach();
    press(document.body, { key: "s" });
    expect(editor.getSnapshot().tool).toBe("select");
  });

  test("are words while a comment is open, but for Esc", () => {
    const { editor, context } = open();
    const detach = attachKeys(canvas, () => context);
    press(canvas, { key: "c" });
    editor.down({ x: 232, y: 232 });
    for (const key of "olv2") press(canvas, { key });
    expect(editor.getSnapshot()).toMatchObject({ tool: "comment", classId: "sheep" });
    press(canvas, { key: "Escape" });
    expect(editor.getSnapshot().comment.draft).toBeNull();
    detach();
  });

  test("of a class are a person's choice, and go before the digit that a class has by its place", () => {
    const { editor, context } = open();
    const detach = attachKeys(canvas, () => context);
    editor.setKeymap({ "class:grass": ["X"], "class:sheep": ["2"] });
    const chosen = (key: string) => {
      press(canvas, { key });
      return editor.getSnapshot().classId;
    };
    expect([chosen("x"), chosen("1"), chosen("2"), chosen("x")]).toEqual([
      "grass",
      "grass",
      "sheep",
      "grass",
    ]);
    expect(editor.getSnapshot().recentClasses).toEqual(["grass", "sheep"]);
    detach();
  });

  test("Tab cycles only while the canvas has the focus", async () => {
    const { editor, context, click } = open();
    const detach = attachKeys(canvas, () => context);
    await click(424, 424);
    const chosen = () => editor.getSnapshot().segment.trail[0]?.chosen;
    press(document.body, { key: "Tab" });
    expect(chosen()).toBe(0);
    canvas.focus();
    press(canvas, { key: "Tab" });
    expect(chosen()).toBe(1);
    detach();
  });

  test("no two commands share a key", () => {
    const keys = commands.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("a required attribute", () => {
  const fur = {
    id: "fur",
    name: "Fur",
    kind: "choice",
    choices: ["short", "long"],
    required: true,
    default: null,
  } as const;
  const press = (key: string) =>
    window.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));

  async function kept() {
    const opened = open();
    opened.editor.setClasses(classes.map((one) => ({ ...one, attributes: one.id === "sheep" ? [fur] : [] })));
    const detach = attachKeys(document.createElement("div"), () => opened.context);
    await opened.click(424, 424);
    press("Enter");
    return { ...opened, detach, asked: () => questionOf(opened.editor.getSnapshot())?.attribute.name };
  }

  test("is asked for after Enter and answered by one digit, as an entry of its own", async () => {
    const { editor, detach, asked } = await kept();
    expect(asked()).toBe("Fur");
    press("7");
    expect(asked(), "there is no seventh choice").toBe("Fur");
    press("2");
    detach();
    expect(asked()).toBeUndefined();
    expect(editor.image.annotations.get("new-1")?.attributes).toEqual({ fur: "long" });
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual([
      "new Sheep",
      "Fur of Sheep 2",
    ]);
  });

  test("is left for later by Esc, by the next click, and by another tool", async () => {
    for (const leave of ["Escape", "click", "b"]) {
      const { editor, click, detach, asked } = await kept();
      if (leave === "click") await click(700, 700);
      else press(leave);
      expect(asked()).toBeUndefined();
      expect(editor.getSnapshot().selected, "it stays selected").toEqual(["new-1"]);
      press("2");
      detach();
      expect(editor.getSnapshot().classId).toBe("grass");
    }
  });
});

describe("arranging objects", () => {
  const press = (key: string, init: KeyboardEventInit = {}) =>
    window.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...init }));

  function holding() {
    const opened = open();
    opened.editor.setTool("select");
    opened.editor.select("old");
    const detach = attachKeys(document.createElement("div"), () => opened.context);
    return { ...opened, detach };
  }

  test("arrow keys move what is selected by a pixel, with Shift by ten, each a labelled entry", () => {
    const { editor, detach } = holding();
    press("ArrowRight");
    press("ArrowDown", { shiftKey: true });
    detach();
    expect(editor.image.annotations.get("old")?.bbox).toEqual([1, 6, 2, 2]);
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual([
      "move of Sheep 1",
      "move of Sheep 1",
    ]);
  });

  test("what was copied on the image before is pasted here, as one entry, and selected", () => {
    const { editor, detach } = holding();
    press("c", { ctrlKey: true });
    clipboard.put({ annotations: [], ...clipboard.get(), imageId: "before" });
    press("v", { ctrlKey: true });
    detach();
    const { selected, history } = editor.getSnapshot();
    expect(selected).toEqual(["new-1"]);
    expect(history.done.map(({ label }) => label)).toEqual(["paste of 1 object"]);
    expect(editor.image.annotations.get("new-1")).toMatchObject({ area: 4, z: 1, version: 0 });
  });

  test("solo hides all others, and shows everything again", () => {
    const { editor, run, detach } = holding();
    detach();
    editor.receive(new Map([["other", annotation({ id: "other", z: 1 })]]));
    run("solo");
    expect([...editor.getSnapshot().hidden]).toEqual(["other"]);
    run("solo");
    expect(editor.getSnapshot().hidden.size).toBe(0);
  });
});

describe("a mask becomes a polygon", () => {
  test("with a tolerance to choose, as one entry; and a mask again", () => {
    const { editor, run } = open();
    editor.setTool("select");
    editor.select("old");
    run("convert");
    editor.setTolerance(0.5);
    expect(editor.image.annotations.get("old")?.kind).toBe("mask");
    run("commit");
    expect(editor.image.annotations.get("old")).toMatchObject({
      kind: "polygon",
      segmentation: null,
      area: 4,
    });
    run("convert");
    expect(editor.image.annotations.get("old")).toMatchObject({ kind: "mask", polygon: null, area: 4 });
    expect(editor.getSnapshot().history.done.map(({ label }) => label)).toEqual([
      "polygon from Sheep 1",
      "mask from Sheep 1",
    ]);
  });

  test("Escape leaves it as it was, selected", () => {
    const { editor, run } = open();
    editor.select("old");
    run("convert");
    run("cancel");
    expect(editor.getSnapshot()).toMatchObject({ converting: null, selected: ["old"] });
    expect(editor.getSnapshot().history.done).toEqual([]);
  });
});
