import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { ThemeProvider } from "../../theme/provider";
import { HistoryDrawer } from "./HistoryDrawer";

function Page() {
  const [opened, setOpened] = useState(false);
  return (
    <ThemeProvider>
      <button type="button" onClick={() => setOpened(true)}>
        The mask
      </button>
      <button type="button">Another</button>
      {opened && (
        <HistoryDrawer title="History of Owl 1" onClose={() => setOpened(false)}>
          <button type="button">The first version</button>
        </HistoryDrawer>
      )}
    </ThemeProvider>
  );
}

async function opened() {
  render(<Page />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "The mask" }));
  await screen.findByRole("button", { name: "The first version" });
  return user;
}

test("closing the history gives the focus back to what it was opened from", async () => {
  const user = await opened();
  await user.click(screen.getByRole("button", { name: "The first version" }));
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("button", { name: "The first version" })).toBeNull();
  expect(document.activeElement?.textContent).toBe("The mask");
});
