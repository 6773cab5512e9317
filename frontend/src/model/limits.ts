import { crossingCount } from "../geometry/polygon";
import type { Annotation } from "./annotation";
import type { LabeledImage } from "./labeledImage";

/** The server's limits, from annotations/limits.py and annotations/geometry.py. */
export const MAX_OBJECTS = 10_000;
export const MAX_POINTS = 100_000;
export const MAX_CROSSINGS = 50_000_000;

/** The reason why the server would refuse an edit of these objects, as a sentence for people, or null. */
export function beyondLimits(
  before: LabeledImage,
  after: LabeledImage,
  touched: Iterable<string>,
): string | null {
  const count = after.annotations.size;
  if (count > MAX_OBJECTS && count > before.annotations.size)
    return `An image has at most ${words(MAX_OBJECTS)} objects, and this would make it ${words(count)}. Delete some first.`;
  for (const id of touched) {
    const annotation = after.annotations.get(id);
    const why =
      annotation?.polygon !== before.annotations.get(id)?.polygon && tooIntricate(annotation, after);
    if (why) return why;
  }
  return null;
}

function tooIntricate(annotation: Annotation | undefined, image: LabeledImage): string | null {
  const { polygon } = annotation ?? {};
  if (!polygon) return null;
  const points = polygon.flat().reduce((sum, ring) => sum + ring.length / 2, 0);
  if (points > MAX_POINTS)
    return `A polygon has at most ${words(MAX_POINTS)} points, and this one ${words(points)}. Simplify it more.`;
  const crossings = crossingCount(polygon, image);
  return crossings > MAX_CROSSINGS ? "This polygon is too intricate. Simplify it more." : null;
}

const words = (count: number): string => count.toLocaleString("en-US");
