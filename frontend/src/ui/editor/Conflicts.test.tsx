import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { Editor } from "../../editor/Editor";
import { anna, annotation, imageOf } from "../../model/testing";
import { renderPage } from "../../testing/page";
import { Conflicts } from "./Conflicts";

const classes = [{ id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] }];
const objects = ["one", "two", "three"].map((id) => annotation({ id }));

beforeEach(() => {
  HTMLCanvasElement.prototype.getContext = () => null;
});

/** Three conflicts; what is decided leaves the list, as on the page. */
function show() {
  const decided: string[] = [];
  const ports = { predict: vi.fn(), newId: () => "new" };
  const image = imageOf(...objects);
  const editor = new Editor({ image, classes, me: anna, readOnly: false, ready: true, ports });
  const List = () => {
    const [open, setOpen] = useState(objects.map((mine) => ({ id: mine.id, mine, theirs: mine })));
    return (
      <Conflicts
        {...{ editor, photo: null, deleters: new Map<string, string>(), conflicts: open }}
        onChoose={({ id }) => {
          decided.push(id);
          setOpen((all) => all.filter((conflict) => conflict.id !== id));
        }}
      />
    );
  };
  renderPage(<List />);
  return decided;
}

test("a double click decides the conflict that is seen, and not the next one too", async () => {
  const decided = show();
  await userEvent.dblClick(screen.getByRole("button", { name: "Take theirs" }));
  expect(decided).toEqual(["one"]);
  await userEvent.click(screen.getByRole("button", { name: "Take theirs" }));
  expect(decided).toEqual(["one", "two"]);
});

test("a key that is held decides one conflict", () => {
  show();
  const button = screen.getByRole("button", { name: "Keep mine" });
  expect(fireEvent.keyDown(button, { key: "Enter" })).toBe(true);
  expect(fireEvent.keyDown(button, { key: "Enter", repeat: true })).toBe(false);
});
