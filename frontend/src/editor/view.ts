import { grow, intersection } from "../geometry/box";
import { clamp, type Size, type Vector } from "../geometry/vector";
import {
  fitImage,
  minScale,
  pan,
  showBox,
  toImage,
  toScreen,
  type Viewport,
  visibleBox,
  zoomAt,
} from "../geometry/viewport";
import { boundsOf } from "../model/annotation";
import type { Snapshot } from "./snapshot";

/** How the image is seen; each function answers what of the snapshot becomes different. */
type View = Partial<Pick<Snapshot, "screen" | "viewport" | "fitted">>;

export const resized = (snapshot: Snapshot, screen: Size): View => ({
  screen,
  viewport: snapshot.fitted ? fitting({ ...snapshot, screen }) : snapshot.viewport,
});

export const fitted = (snapshot: Snapshot): View => ({ viewport: fitting(snapshot), fitted: true });

export function zoomed(
  { viewport, screen, history: { present } }: Snapshot,
  at: Vector,
  factor: number,
): View {
  const zoomed = zoomAt(viewport, at, factor, minScale(present, screen));
  return { viewport: pan(zoomed, { x: 0, y: 0 }, present, screen), fitted: false };
}

export const panned = ({ viewport, screen, history }: Snapshot, by: Vector): View => ({
  viewport: pan(viewport, by, history.present, screen),
  fitted: false,
});

export function zoomedTo(snapshot: Snapshot, id: string): View {
  const viewport = around(snapshot, id);
  return viewport ? { viewport, fitted: false } : {};
}

export function actualSize(snapshot: Snapshot): View {
  const { screen, viewport } = snapshot;
  return zoomed(snapshot, { x: screen.width / 2, y: screen.height / 2 }, 1 / viewport.scale);
}

export function centred(snapshot: Snapshot, at: Vector): View {
  const { x, y } = toScreen(snapshot.viewport, at);
  const { width, height } = snapshot.screen;
  return panned(snapshot, { x: width / 2 - x, y: height / 2 - y });
}

/** Where the crosshair comes to lie, in image pixels: on the screen and on the image. It begins at the pointer. */
export function crosshairMoved(
  { viewport, screen, history, crosshair, pointer }: Snapshot,
  by: Vector,
): Vector {
  const middle = { x: screen.width / 2, y: screen.height / 2 };
  const known = crosshair ?? pointer;
  const from = known ? toScreen(viewport, known) : middle;
  const seen = visibleBox(viewport, screen, history.present);
  const { x, y } = toImage(viewport, { x: from.x + by.x, y: from.y + by.y });
  return { x: clamp(x, seen.x, seen.x + seen.w - 0.5), y: clamp(y, seen.y, seen.y + seen.h - 0.5) };
}

const fitting = (snapshot: Snapshot): Viewport =>
  (snapshot.about && around(snapshot, snapshot.about)) || fitImage(snapshot.history.present, snapshot.screen);

/** Shows one object large, with 40 % of its size around it. */
function around({ history: { present }, screen }: Snapshot, id: string): Viewport | null {
  const annotation = present.annotations.get(id);
  const box = annotation && boundsOf(annotation);
  if (!box) return null;
  const whole = { x: 0, y: 0, w: present.width, h: present.height };
  return showBox(intersection(grow(box, 0.4 * Math.max(box.w, box.h)), whole), screen);
}
