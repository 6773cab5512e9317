import { clamp, type Vector } from "../geometry/vector";
import { toImage, toScreen, visibleBox } from "../geometry/viewport";
import type { Pointer, ToolEvent } from "../tools/tool";
import type { Snapshot } from "./snapshot";
import { middleOf } from "./view";

/** Where the crosshair comes to lie, in image pixels: on the screen and on the image. It begins at the pointer. */
export function crosshairMoved(snapshot: Snapshot, by: Vector): Vector {
  const { viewport, screen, history, crosshair, pointer } = snapshot;
  const known = crosshair ?? pointer;
  const from = known ? toScreen(viewport, known) : middleOf(snapshot);
  const seen = visibleBox(viewport, screen, history.present);
  const { x, y } = toImage(viewport, { x: from.x + by.x, y: from.y + by.y });
  return { x: clamp(x, seen.x, seen.x + seen.w - 0.5), y: clamp(y, seen.y, seen.y + seen.h - 0.5) };
}

export const pointerOver = ({ viewport }: Snapshot, at: Vector): Pointer => ({
  at,
  screen: toScreen(viewport, at),
});

/** What the tool is told of a click there. A box has two of them: where it begins and where it ends. */
export function clicked(snapshot: Snapshot, removes: boolean): readonly ToolEvent[] {
  const { crosshair, tool, box } = snapshot;
  if (!crosshair) return [];
  const pointer = pointerOver(snapshot, crosshair);
  const down = { type: "down", pointer, removes, shift: false } as const;
  const up = { type: "up", pointer } as const;
  if (tool !== "box") return [down, up];
  return box.press ? [up] : [down];
}
