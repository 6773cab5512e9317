import { expect, type Locator, type Page } from "@playwright/test";

/** The editor fits a fresh image into its canvas with this margin. */
const MARGIN = 24;

/** The editor's canvas with a freshly fitted image, addressed in fractions of the photograph. */
export class Canvas {
  readonly stage: Locator;

  constructor(
    private readonly page: Page,
    private readonly size: { width: number; height: number },
  ) {
    this.stage = page.getByRole("application");
  }

  /** Where the point of the photograph at these fractions of its width and height is on the screen. */
  async at(fx: number, fy: number): Promise<{ x: number; y: number }> {
    const box = await this.stage.boundingBox();
    if (!box) throw new Error("The canvas is not there yet.");
    const { width, height } = this.size;
    const scale = Math.min((box.width - 2 * MARGIN) / width, (box.height - 2 * MARGIN) / height);
    return {
      x: box.x + box.width / 2 + (fx - 0.5) * width * scale,
      y: box.y + box.height / 2 + (fy - 0.5) * height * scale,
    };
  }

  async click(fx: number, fy: number, button: "left" | "right" = "left"): Promise<void> {
    const { x, y } = await this.at(fx, fy);
    await this.page.mouse.click(x, y, { button });
  }

  async drag(from: [number, number], to: [number, number]): Promise<void> {
    const start = await this.at(...from);
    const end = await this.at(...to);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
    await this.page.mouse.move(end.x, end.y);
    await this.page.mouse.up();
  }
}

export const candidates = (page: Page): Locator => page.getByRole("listbox", { name: "Candidates" });

/** The newest prompt is answered: the tray shows several candidates, or the status bar tells of the only one. */
export async function answered(page: Page, count: number): Promise<void> {
  if (count > 1) await expect(candidates(page).getByRole("option")).toHaveCount(count);
  else await expect(candidates(page)).toHaveCount(0);
  const answer = count > 1 ? candidates(page) : onlyCandidate(page);
  await expect(answer).toBeVisible();
  await expect(answer).not.toHaveAttribute("data-pending", "true");
}

/** The text of the status bar for a single candidate. */
export const onlyCandidate = (page: Page): Locator => page.getByTestId("candidate");

export async function saved(page: Page): Promise<void> {
  await expect(page.getByTestId("save-state")).toHaveAttribute("data-state", "saved");
}
