import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Editor } from "../../editor/Editor";
import { changeAnnotations } from "../../model/actions/changeAnnotations";
import { anna, annotation, imageOf } from "../../model/testing";
import { Announcer } from "./Announcer";

test("the same undo twice is said twice: each is another element in the live region", () => {
  const classes = [{ id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] }];
  const ports = { predict: vi.fn(), newId: () => "new" };
  const image = imageOf(annotation({ id: "a" }));
  const editor = new Editor({ image, classes, me: anna, readOnly: false, ready: true, ports });
  render(<Announcer editor={editor} saveState={{ kind: "saved" }} />);
  const paint = (area: number) =>
    act(() => void editor.edit("brush stroke on Sheep 1", changeAnnotations(new Map([["a", { area }]]))));
  paint(5);
  paint(6);
  act(() => editor.undo());
  const first = screen.getByText("Undone: brush stroke on Sheep 1");
  act(() => editor.undo());
  expect(screen.getByText("Undone: brush stroke on Sheep 1")).not.toBe(first);
});
