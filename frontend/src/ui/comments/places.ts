import type { Vector } from "../../geometry/vector";
import { boundsOf } from "../../model/annotation";
import type { LabeledImage } from "../../model/labeledImage";
import type { Thread } from "../../server/types";

/** A thread as people call it: by its number among those of the image. */
export interface Numbered {
  readonly thread: Thread;
  readonly number: number;
}

export const numbered = (threads: readonly Thread[]): Numbered[] =>
  threads.map((thread, i) => ({ thread, number: i + 1 }));

export const isOpen = ({ resolved_at }: Thread): boolean => resolved_at === null;

/** Where a thread is pinned, in image pixels: its place, else on its object; null where it is of the whole image. */
export function placeOf({ x, y, annotation }: Thread, image: LabeledImage): Vector | null {
  if (x !== null && y !== null) return { x, y };
  const object = annotation === null ? undefined : image.annotations.get(annotation);
  const box = object && boundsOf(object);
  return box ? { x: box.x + box.w / 2, y: box.y + box.h / 2 } : null;
}

/** When somebody else said something in it last; "" where nobody has. */
export const lastOfOthers = ({ by, at, replies }: Thread, me: string): string =>
  [{ by, at }, ...replies].reduce((last, said) => (said.by.id !== me && said.at > last ? said.at : last), "");
