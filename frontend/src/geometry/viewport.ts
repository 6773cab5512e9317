import type { Box, Corners } from "./box";
import { clamp, type Size, type Vector } from "./vector";

/** How the image lies on the screen: screen = image × scale + (x, y), all in CSS pixels. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const MAX_SCALE = 64;
const FIT_MARGIN = 24;
/** This much of the image always stays on the screen, so that it cannot be lost. */
const KEPT_IN_SIGHT = 48;

export const toScreen = (v: Viewport, p: Vector): Vector => ({
  x: p.x * v.scale + v.x,
  y: p.y * v.scale + v.y,
});

export const toImage = (v: Viewport, p: Vector): Vector => ({
  x: (p.x - v.x) / v.scale,
  y: (p.y - v.y) / v.scale,
});

export const boxToScreen = (v: Viewport, b: Box): Box => ({
  x: b.x * v.scale + v.x,
  y: b.y * v.scale + v.y,
  w: b.w * v.scale,
  h: b.h * v.scale,
});

/** The viewport that shows `box` (image pixels) centred and whole, with `margin` screen pixels around it. */
export function showBox(box: Box, screen: Size, margin = FIT_MARGIN): Viewport {
  const room = (side: number) => Math.max(side - 2 * margin, 1);
  const wanted = Math.min(room(screen.width) / Math.max(box.w, 1), room(screen.height) / Math.max(box.h, 1));
  const scale = Math.min(wanted, MAX_SCALE);
  return {
    scale,
    x: screen.width / 2 - (box.x + box.w / 2) * scale,
    y: screen.height / 2 - (box.y + box.h / 2) * scale,
  };
}

/**
 * The viewport that shows `box` among its surroundings: it fills at most `share` of each side of the screen, at most at
 * `scale` or at four times the scale of the whole image, and no smaller than the whole image fits. An edge of the image stays at the edge of the screen where there is
 * more image to show.
 */
export function showAmong(
  box: Box,
  image: Size,
  screen: Size,
  limits: { readonly share: number; readonly scale: number },
): Viewport {
  const filling = Math.min(screen.width / Math.max(box.w, 1), screen.height / Math.max(box.h, 1));
  const whole = fitImage(image, screen).scale;
  const largest = Math.min(Math.max(limits.scale, 4 * whole), MAX_SCALE);
  const scale = Math.max(Math.min(filling * limits.share, largest), whole);
  const along = (start: number, length: number, extent: number, room: number) => {
    const centred = room / 2 - (start + length / 2) * scale;
    const spare = room - extent * scale;
    return spare >= 0 ? spare / 2 : clamp(centred, spare - FIT_MARGIN, FIT_MARGIN);
  };
  return {
    scale,
    x: along(box.x, box.w, image.width, screen.width),
    y: along(box.y, box.h, image.height, screen.height),
  };
}

export const fitImage = (image: Size, screen: Size, margin = FIT_MARGIN): Viewport =>
  showBox({ x: 0, y: 0, w: image.width, h: image.height }, screen, margin);

/** The part of the image that can be seen, in whole image pixels; without area where the image is off the screen. */
export function visibleBox({ scale, x, y }: Viewport, screen: Size, image: Size): Box {
  const left = Math.max(0, Math.floor(-x / scale));
  const top = Math.max(0, Math.floor(-y / scale));
  const right = Math.min(image.width, Math.ceil((screen.width - x) / scale));
  const bottom = Math.min(image.height, Math.ceil((screen.height - y) / scale));
  return { x: left, y: top, w: Math.max(0, right - left), h: Math.max(0, bottom - top) };
}

/** What the model sees of an image it sees this large: its longer side is as many pixels. */
const MODEL_SIDE = 1024;

/**
 * The part of the image that is seen, as corners, where a crop of it would show the model at least twice as much as
 * the whole image does; null where it would not.
 */
export function closeUp(viewport: Viewport, screen: Size, image: Size): Corners | null {
  const longer = Math.max(image.width, image.height);
  const { x, y, w, h } = visibleBox(viewport, screen, image);
  if (w === 0 || h === 0 || longer <= 1.5 * MODEL_SIDE || Math.max(w, h) > longer / 2) return null;
  return [x, y, x + w, y + h];
}

/** A quarter of the fitted scale, or true size if that is smaller. */
export const minScale = (image: Size, screen: Size): number => Math.min(fitImage(image, screen).scale / 4, 1);

/** Zooms by `factor`; the image point under `at` (screen pixels) stays where it is. */
export function zoomAt(v: Viewport, at: Vector, factor: number, lowest: number): Viewport {
  const scale = clamp(v.scale * factor, lowest, MAX_SCALE);
  const ratio = scale / v.scale;
  return { scale, x: at.x - (at.x - v.x) * ratio, y: at.y - (at.y - v.y) * ratio };
}

/** Moves by `by` screen pixels, but never so far that the image leaves the screen. */
export function pan(v: Viewport, by: Vector, image: Size, screen: Size): Viewport {
  const limit = (moved: number, extent: number, room: number) =>
    clamp(moved, Math.min(KEPT_IN_SIGHT, extent) - extent, room - Math.min(KEPT_IN_SIGHT, extent));
  return {
    scale: v.scale,
    x: limit(v.x + by.x, image.width * v.scale, screen.width),
    y: limit(v.y + by.y, image.height * v.scale, screen.height),
  };
}

export interface Minimap extends Size {
  /** Its pixels an image pixel. */
  readonly scale: number;
  /** The part of the image that is on the screen. */
  readonly seen: Box;
}

/** The longer side of the small picture, in CSS pixels. */
const MINIMAP_SIDE = 168;

/** A small picture of the whole image; null while nothing or at least this share of the image is seen. */
export function minimap(viewport: Viewport, screen: Size, image: Size, share = 0.5): Minimap | null {
  const seen = visibleBox(viewport, screen, image);
  const area = seen.w * seen.h;
  if (area === 0 || area >= image.width * image.height * share) return null;
  const scale = MINIMAP_SIDE / Math.max(image.width, image.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { scale, seen, width: side(image.width), height: side(image.height) };
}
