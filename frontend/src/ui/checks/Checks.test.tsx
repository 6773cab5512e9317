import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { NO_RULES } from "../../model/rules";
import { annotation, imageOf } from "../../model/testing";
import { Checks } from "./Checks";

const twin = annotation({ id: "a2", z: 1 });
const sheep = { id: "sheep", name: "Sheep", colour: "#56b4e9", attributes: [] };

function show(onFix?: () => void) {
  const [image, onLight] = [imageOf(annotation(), twin), vi.fn()];
  const props = { annotation: annotation(), image, classes: [sheep], rules: NO_RULES, onLight };
  render(<Checks {...props} onFix={onFix} />);
  return onLight;
}

it("fixes a finding by Shift and its number, whatever that types", async () => {
  const onFix = vi.fn();
  show(onFix);
  expect(await screen.findByText("Almost the same as Sheep 2")).toBeDefined();
  fireEvent.keyDown(window, { key: "!", code: "Digit1", shiftKey: true });
  expect(onFix).toHaveBeenCalledTimes(1);
  fireEvent.keyDown(window, { key: "1", code: "Digit1", shiftKey: true });
  expect(onFix).toHaveBeenCalledTimes(2);
  fireEvent.keyDown(window, { key: "&", code: "Digit1" });
  fireEvent.keyDown(window, { key: "@", code: "Digit2", shiftKey: true });
  expect(onFix).toHaveBeenCalledTimes(2);
});

it("lights the place while it is pointed at", async () => {
  const onLight = show(vi.fn());
  fireEvent.pointerEnter(await screen.findByRole("listitem"));
  expect(onLight).toHaveBeenLastCalledWith(expect.objectContaining({ x: 0, y: 0, w: 2, h: 2 }));
  fireEvent.pointerLeave(screen.getByRole("listitem"));
  expect(onLight).toHaveBeenLastCalledWith(null);
});

it("only tells where nothing may be changed", async () => {
  show();
  await screen.findByRole("listitem");
  expect(screen.queryByRole("button")).toBeNull();
});
