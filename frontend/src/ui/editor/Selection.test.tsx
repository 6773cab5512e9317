import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useRef } from "react";
import { expect, test, vi } from "vitest";
import { clipboard } from "../../editor/clipboard";
import type { CommandContext } from "../../editor/commands";
import { Editor } from "../../editor/Editor";
import { anna, annotation, imageOf } from "../../model/testing";
import { renderPage } from "../../testing/page";
import { Selection } from "./Selection";

const classes = [{ id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] }];

function show(...annotations: ReturnType<typeof annotation>[]) {
  const ports = { predict: vi.fn(), newId: () => "new" };
  const image = imageOf(...annotations);
  const editor = new Editor({ image, classes, me: anna, readOnly: false, ready: true, ports });
  const page = {
    previousImage: undefined,
    nextImage: undefined,
    submit: undefined,
    showKeys: vi.fn(),
    show: vi.fn(),
    copyPrevious: undefined,
    canSkip: false,
    showAttributes: vi.fn(),
  };
  renderPage(<Around context={{ editor, page }} />);
  return editor;
}

function Around({ context }: { context: CommandContext }) {
  const canvas = useRef<HTMLDivElement>(null);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as the canvas has */}
      <div ref={canvas} role="application" tabIndex={0} />
      <Selection context={context} canvas={canvas} />
    </>
  );
}

const ways = () => screen.getAllByRole("listitem").map(({ textContent }) => textContent);
const actions = () => screen.queryAllByRole("button").map((button) => button.getAttribute("aria-label"));

test("an empty image says how to begin, by the keys as they are now", () => {
  const editor = show();
  expect(ways()).toContain("S click an object for its mask");
  act(() => editor.setKeymap({ segment: ["M"] }));
  expect(ways()).toContain("M click an object for its mask");
  expect(actions()).toEqual([]);
});

test("with nothing selected it offers what works then, and with something selected what is done to that", () => {
  const editor = show(annotation({ id: "a" }));
  expect(ways()).toContain("V a click or drag selects");
  act(() => {
    clipboard.put({ imageId: "before", annotations: [annotation()] });
    editor.say("Copied.");
  });
  expect(actions()).toEqual(["Paste, also on another image"]);
  act(() => editor.select("a"));
  expect(screen.getByRole("heading", { name: "Sheep 1" })).toBeDefined();
  expect(actions()).toContain("Delete what is selected");
});

test("whoever deletes by the button and keys goes on at the canvas, not at the top of the page", async () => {
  const editor = show(annotation({ id: "a" }));
  act(() => editor.select("a"));
  screen.getByRole("button", { name: "Delete what is selected" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(editor.image.annotations.size).toBe(0);
  expect(document.activeElement).toBe(screen.getByRole("application"));
});
