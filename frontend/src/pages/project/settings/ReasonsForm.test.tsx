import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderPage, serve } from "../../../testing/page";
import { ReasonsForm } from "./ReasonsForm";

const focused = () => document.activeElement?.getAttribute("aria-label");

function open() {
  serve({});
  const project = { id: "p", version: 1, reject_reasons: ["Rough edge", "Wrong object", "Duplicate"] };
  renderPage(<ReasonsForm project={project} />);
  return userEvent.setup();
}

test("a new reason can be written at once", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Add a reason" }));
  expect(focused()).toBe("Reason 4");
});

test("the focus goes along with a reason that moves, so that the same key moves it on", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Move reason 3 up" }));
  expect(focused()).toBe("Move reason 2 up");
  await user.keyboard("{Enter}");
  expect(screen.getByLabelText<HTMLInputElement>("Reason 1").value).toBe("Duplicate");
  expect(focused(), "it cannot go further").toBe("Reason 1");
});
