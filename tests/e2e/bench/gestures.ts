import type { Page } from "@playwright/test";

/** The middle of the window's part that shows the image, in the editor and in the naive canvas. */
export const MIDDLE = { x: 600, y: 440 };
const SETTLED_MS = 1200;
const BESIDE = 30;

export interface Place {
  x: number;
  y: number;
}

/** What each frame of a gesture took, of those in which anything was done, until the picture rests. */
async function framesOf(page: Page, gesture: () => Promise<void>): Promise<number[]> {
  const from = await page.evaluate(() => window.probe.frames.length);
  await gesture();
  await page.waitForTimeout(SETTLED_MS);
  const frames = await page.evaluate((from) => window.probe.frames.slice(from), from);
  return frames.filter((work) => work > 0.1);
}

/** Drags to and fro with the middle button, `step` pixels at a time. */
export const panning = (page: Page, step = 9): Promise<number[]> =>
  framesOf(page, async () => {
    await page.mouse.move(MIDDLE.x, MIDDLE.y);
    await page.mouse.down({ button: "middle" });
    for (let i = 0; i < 120; i++) {
      const way = step * (i < 60 ? i : 120 - i);
      await page.mouse.move(MIDDLE.x - way / 2, MIDDLE.y - way / 4);
      await page.waitForTimeout(8);
    }
    await page.mouse.up({ button: "middle" });
  });

/** Turns the wheel, in and out again. */
export const zooming = (page: Page): Promise<number[]> =>
  framesOf(page, async () => {
    await page.mouse.move(MIDDLE.x, MIDDLE.y);
    for (let i = 0; i < 80; i++) {
      await page.mouse.wheel(0, i < 40 ? -40 : 40);
      await page.waitForTimeout(12);
    }
  });

/**
 * Milliseconds from what people do at a place until the picture there is as it stays; at least until the next frame is
 * painted.
 */
export async function answerTo(page: Page, at: Place, deed: () => Promise<void>): Promise<number> {
  const box = { x: at.x - BESIDE, y: at.y - BESIDE, w: 2 * BESIDE, h: 2 * BESIDE };
  await page.evaluate((box) => window.probe.watch(box), box);
  await deed();
  await page.waitForTimeout(SETTLED_MS);
  return page.evaluate(() => {
    const { began, painted, changed } = window.probe.watched();
    return Math.max(changed, painted) - began;
  });
}

/** Points of the window all over the image, always the same ones. */
export const places = (count: number): Place[] =>
  Array.from({ length: count }, (_, i) => ({ x: 180 + ((i * 367) % 840), y: 120 + ((i * 211) % 620) }));

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
