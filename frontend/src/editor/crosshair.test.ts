import { describe, expect, test, vi } from "vitest";
import { anna, annotation, imageOf } from "../model/testing";
import type { CommandContext } from "./commands";
import { Editor } from "./Editor";
import { attachKeys } from "./keys";

function open() {
  const predict = vi.fn(() => Promise.resolve({ model: "m", candidates: [], preferred: 0 }));
  const editor = new Editor({
    image: imageOf(annotation({ id: "old" })),
    classes: [{ id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] }],
    me: anna,
    readOnly: false,
    ready: true,
    ports: { predict, newId: () => "new" },
  });
  // The image is 8 × 8, so it is shown at 100 screen pixels an image pixel, cut to the largest scale of 64.
  editor.resize({ width: 848, height: 848 });
  const page = {
    previousImage: undefined,
    nextImage: undefined,
    submit: undefined,
    copyPrevious: undefined,
    canSkip: false,
    showKeys: vi.fn(),
    showAttributes: vi.fn(),
    show: vi.fn(),
  };
  const context: CommandContext = { editor, page };
  const press = (key: string, init: KeyboardEventInit = {}) =>
    window.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...init }));
  const detach = attachKeys(document.createElement("div"), () => context);
  return { editor, predict, press, page, detach };
}

describe("the crosshair", () => {
  test("arrow keys move it by a pixel of the screen from the middle, with Shift by ten", () => {
    const { editor, press, detach } = open();
    press("ArrowRight");
    press("ArrowDown", { shiftKey: true });
    detach();
    const { crosshair, viewport } = editor.getSnapshot();
    expect(crosshair?.x).toBeCloseTo(4 + 1 / viewport.scale);
    expect(crosshair?.y).toBeCloseTo(4 + 10 / viewport.scale);
  });

  test("Space adds a point there, Shift+Space one to take away, without a mouse", async () => {
    const { press, predict, detach } = open();
    press("ArrowRight", { shiftKey: true });
    press(" ");
    expect(predict).toHaveBeenCalledWith(
      expect.objectContaining({ points: [expect.objectContaining({ label: 1 })] }),
    );
    press("ArrowRight", { shiftKey: true });
    press("ArrowRight", { shiftKey: true });
    press(" ", { shiftKey: true });
    expect(predict).toHaveBeenLastCalledWith(
      expect.objectContaining({ points: [expect.anything(), expect.objectContaining({ label: 0 })] }),
    );
    detach();
  });

  test("Enter places the first point; a box takes two clicks, where it begins and where it ends", () => {
    const { editor, press, predict, detach } = open();
    press("ArrowLeft");
    press("Enter");
    expect(predict).toHaveBeenCalledTimes(1);
    press("Escape");
    editor.setTool("box");
    for (let i = 0; i < 3; i++) press("ArrowLeft", { shiftKey: true });
    press(" ");
    for (let i = 0; i < 9; i++) {
      press("ArrowRight", { shiftKey: true });
      press("ArrowDown", { shiftKey: true });
    }
    press(" ");
    detach();
    expect(editor.image.annotations.get("new")).toMatchObject({ kind: "box" });
  });

  test("stays on the image, and goes away when a mouse takes over", () => {
    const { editor, press, detach } = open();
    for (let i = 0; i < 200; i++) press("ArrowRight", { shiftKey: true });
    expect(editor.getSnapshot().crosshair?.x).toBeLessThan(8);
    editor.move({ x: 100, y: 100 });
    expect(editor.getSnapshot().crosshair).toBeNull();
    press(" ");
    detach();
    expect(editor.getSnapshot().segment.trail).toHaveLength(0);
  });

  test("with the select tool the arrows move objects as before", () => {
    const { editor, press, detach } = open();
    editor.setTool("select");
    editor.select("old");
    press("ArrowRight");
    detach();
    expect(editor.getSnapshot().crosshair).toBeNull();
    expect(editor.getSnapshot().history.done).toHaveLength(1);
  });
});

describe("keys that a person chose", () => {
  test("do what they were given, and the old ones no longer do", () => {
    const { editor, press, detach } = open();
    editor.setKeymap({ brush: ["J"] });
    press("b");
    expect(editor.getSnapshot().tool).toBe("segment");
    press("j");
    expect(editor.getSnapshot().tool).toBe("brush");
    detach();
  });

  test("a Cyrillic keyboard runs the tools by where their keys lie", () => {
    const { editor, press, page, detach } = open();
    press("и", { code: "KeyB" });
    expect(editor.getSnapshot().tool).toBe("brush");
    press("/", { code: "Digit7", shiftKey: true });
    expect(page.show).toHaveBeenCalledWith("classes");
    detach();
  });
});

describe("the view", () => {
  test("100 % shows an image pixel as a pixel, and a place of the image comes into the middle", () => {
    const { editor, detach } = open();
    editor.actualSize();
    expect(editor.getSnapshot().viewport.scale).toBe(1);
    editor.zoomCentred(64);
    editor.centre({ x: 2, y: 3 });
    detach();
    const { viewport, screen } = editor.getSnapshot();
    expect(2 * viewport.scale + viewport.x).toBeCloseTo(screen.width / 2);
    expect(3 * viewport.scale + viewport.y).toBeCloseTo(screen.height / 2);
  });
});
