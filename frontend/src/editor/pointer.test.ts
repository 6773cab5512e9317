import { fireEvent } from "@testing-library/react";
import { expect, test } from "vitest";
import { anna, annotation, imageOf } from "../model/testing";
import { Editor } from "./Editor";
import { attachPointer } from "./pointer";

function open() {
  const editor = new Editor({
    image: imageOf(annotation({ id: "old" })),
    classes: [{ id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] }],
    me: anna,
    readOnly: false,
    ready: true,
    ports: {
      predict: () => Promise.resolve({ model: "m", candidates: [], preferred: 0 }),
      newId: () => "new",
    },
  });
  editor.resize({ width: 848, height: 848 });
  editor.setTool("box");
  const canvas = document.body.appendChild(document.createElement("div"));
  canvas.setPointerCapture = () => {};
  attachPointer(canvas, editor);
  return { editor, canvas };
}

test("Space that was let go of in another window no longer moves the image", () => {
  const { editor, canvas } = open();
  fireEvent.keyDown(canvas, { key: " " });
  fireEvent.blur(window);
  fireEvent.pointerDown(canvas, { clientX: 400, clientY: 400, button: 0, pointerId: 1 });
  expect(editor.getSnapshot().box.press).not.toBeNull();
});

test("a touch that the system took over ends where it was", () => {
  const { editor, canvas } = open();
  fireEvent.pointerDown(canvas, { clientX: 400, clientY: 400, button: 0, pointerId: 1 });
  fireEvent.pointerMove(canvas, { clientX: 500, clientY: 500, pointerId: 1 });
  fireEvent.pointerCancel(canvas, { clientX: 0, clientY: 0, pointerId: 1 });
  fireEvent.pointerMove(canvas, { clientX: 800, clientY: 800, pointerId: 2 });
  expect(editor.getSnapshot().box.press).toBeNull();
  fireEvent.pointerDown(canvas, { clientX: 400, clientY: 400, button: 1, pointerId: 1 });
  fireEvent.pointerCancel(canvas, { pointerId: 1 });
  const { viewport } = editor.getSnapshot();
  fireEvent.pointerMove(canvas, { clientX: 300, clientY: 300, pointerId: 2 });
  expect(editor.getSnapshot().viewport).toBe(viewport);
});
