import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { ThemeProvider } from "../../theme/provider";
import { Tips } from "./Tips";

function show() {
  render(
    <ThemeProvider>
      <Tips />
      <button type="button" data-tip="Undo (Ctrl+Z)" aria-label="Undo">
        <svg data-testid="icon" />
      </button>
      <button type="button" data-tip="Redo (Ctrl+Y)">
        Redo
      </button>
      <button type="button">Other</button>
    </ThemeProvider>,
  );
  return { undo: screen.getByRole("button", { name: "Undo" }), icon: screen.getByTestId("icon") };
}

test("the words of a button come when one points at it for a while, and go with the pointer", async () => {
  const { undo, icon } = show();
  fireEvent.pointerOver(icon, { pointerType: "mouse" });
  expect(screen.queryByRole("tooltip")).toBeNull();
  const tip = await screen.findByRole("tooltip");
  expect(tip.textContent).toBe("Undo (Ctrl+Z)");
  expect(document.getElementById(undo.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    tip.textContent,
  );
  fireEvent.pointerOver(screen.getByRole("button", { name: "Other" }), { pointerType: "mouse" });
  expect(screen.queryByRole("tooltip")).toBeNull();
  expect(undo.hasAttribute("aria-describedby")).toBe(false);
});

test("going on to another button shows that one's words", async () => {
  const { icon } = show();
  const user = userEvent.setup();
  await user.hover(icon);
  await screen.findByText("Undo (Ctrl+Z)");
  await user.hover(screen.getByRole("button", { name: "Redo" }));
  await screen.findByText("Redo (Ctrl+Y)");
  expect(screen.queryByText("Undo (Ctrl+Z)")).toBeNull();
});

test("they come as well for whoever gets there by keys, and a press ends them", async () => {
  const { undo } = show();
  await userEvent.tab();
  expect(document.activeElement).toBe(undo);
  await screen.findByRole("tooltip");
  fireEvent.pointerDown(undo);
  expect(screen.queryByRole("tooltip")).toBeNull();
});

test("a finger that rests on a button shows none", async () => {
  const { icon } = show();
  fireEvent.pointerOver(icon, { pointerType: "touch" });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(screen.queryByRole("tooltip")).toBeNull();
});
