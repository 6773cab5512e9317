import { clampInto, distance, type Size, type Vector } from "../geometry/vector";
import type { PromptPoint } from "../model/annotation";

/** In CSS pixels: as large as points are drawn. */
const REACH = 9;

/** The index of the point of a prompt under the pointer, the latest where several lie there, or null. */
export function pointAt(points: readonly PromptPoint[], at: Vector, scale: number): number | null {
  const found = points.findLastIndex((point) => distance(point, at) * scale <= REACH);
  return found < 0 ? null : found;
}

export const movePoint = (
  points: readonly PromptPoint[],
  index: number,
  to: Vector,
  image: Size,
): PromptPoint[] => points.map((point, i) => (i === index ? { ...point, ...clampInto(to, image) } : point));

export const withoutPoint = (points: readonly PromptPoint[], index: number): PromptPoint[] =>
  points.toSpliced(index, 1);
