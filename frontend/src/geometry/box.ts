import type { Vector } from "./vector";

/** An axis-parallel box in pixels: left, top, width, height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** x0, y0, x1, y1: how a prompt names a box. */
export type Corners = readonly [number, number, number, number];

/** x, y, w, h: how a stored annotation names one. */
export type Xywh = readonly [number, number, number, number];

export const fromXywh = ([x, y, w, h]: Xywh): Box => ({ x, y, w, h });

export const cornersBetween = (a: Vector, b: Vector): Corners => [
  Math.min(a.x, b.x),
  Math.min(a.y, b.y),
  Math.max(a.x, b.x),
  Math.max(a.y, b.y),
];

export const fromCorners = ([x0, y0, x1, y1]: Corners): Box => ({ x: x0, y: y0, w: x1 - x0, h: y1 - y0 });

export const boxContains = (box: Box, p: Vector): boolean =>
  p.x >= box.x && p.y >= box.y && p.x < box.x + box.w && p.y < box.y + box.h;

export const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

export const grow = (box: Box, by: number): Box => ({
  x: box.x - by,
  y: box.y - by,
  w: box.w + 2 * by,
  h: box.h + 2 * by,
});

export function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + b.h) - y };
}

/** The common part; without area where the boxes do not overlap. */
export function intersection(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const right = Math.min(a.x + a.w, b.x + b.w);
  const bottom = Math.min(a.y + a.h, b.y + b.h);
  return { x, y, w: Math.max(right - x, 0), h: Math.max(bottom - y, 0) };
}
