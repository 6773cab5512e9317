import { Notifications } from "@mantine/notifications";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { ThemeProvider } from "../../theme/provider";
import { onDemand } from "./onDemand";

interface Props {
  name: string;
  onClose: () => void;
}

const Past = ({ name, onClose }: Props) => (
  <div role="dialog" aria-label={`History of ${name}`}>
    <button type="button" onClick={onClose}>
      Close
    </button>
  </div>
);

/** A page that opens what comes by `load`. */
function open(load: () => Promise<{ default: typeof Past }>) {
  const Dialog = onDemand(load);
  function Page() {
    const [opened, setOpened] = useState(false);
    return (
      <ThemeProvider>
        <Notifications />
        <button type="button" onClick={() => setOpened(true)}>
          History
        </button>
        {opened && <Dialog name="Owl 1" onClose={() => setOpened(false)} />}
      </ThemeProvider>
    );
  }
  render(<Page />);
  const user = userEvent.setup();
  return { user, ask: () => user.click(screen.getByRole("button", { name: "History" })) };
}

test("a dialog is loaded when it is opened, once", async () => {
  const load = vi.fn(async () => ({ default: Past }));
  const { user, ask } = open(load);
  expect(load).not.toHaveBeenCalled();
  await ask();
  await user.click(await screen.findByRole("button", { name: "Close" }));
  await ask();
  expect(screen.getByRole("dialog", { name: "History of Owl 1" })).toBeDefined();
  expect(load).toHaveBeenCalledTimes(1);
});

test("a dialog that cannot be loaded leaves the page and says so, and is loaded when it is opened again", async () => {
  const load = vi.fn(async () => ({ default: Past }));
  load.mockRejectedValueOnce(new TypeError("Failed to fetch dynamically imported module"));
  const { ask } = open(load);
  await ask();
  expect(await screen.findByText(/could not be loaded/)).toBeDefined();
  expect(screen.queryByRole("dialog", { name: "History of Owl 1" })).toBeNull();
  await ask();
  expect(await screen.findByRole("dialog", { name: "History of Owl 1" })).toBeDefined();
});
