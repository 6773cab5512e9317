/** A position in pixels, x to the right and y downwards; which space (image or screen) the name says. */
export interface Vector {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const add = (a: Vector, b: Vector): Vector => ({ x: a.x + b.x, y: a.y + b.y });
export const subtract = (a: Vector, b: Vector): Vector => ({ x: a.x - b.x, y: a.y - b.y });
export const distance = (a: Vector, b: Vector): number => Math.hypot(a.x - b.x, a.y - b.y);
export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

export const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** Whether a point lies on the image: [0, width) × [0, height). */
export const inside = (p: Vector, { width, height }: Size): boolean =>
  p.x >= 0 && p.y >= 0 && p.x < width && p.y < height;

export const clampInto = (p: Vector, { width, height }: Size): Vector => ({
  x: clamp(p.x, 0, width),
  y: clamp(p.y, 0, height),
});
