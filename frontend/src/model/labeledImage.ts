import type { Annotation } from "./annotation";
import { type Annotations, type Patch, withPatch } from "./patch";

/** An image and what is labeled on it. Never changed in place: every edit makes a new one. */
export interface LabeledImage {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** The highest number that an object of it ever had, also one that was deleted. */
  readonly numbered: number;
  /** By id, in drawing order: the last one lies on top. */
  readonly annotations: Annotations;
}

interface Empty {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly numbered?: number;
}

const inOrder = (annotations: readonly Annotation[]): Annotation[] =>
  annotations.toSorted((a, b) => a.z - b.z);

/** An image of these annotations, of which new ones get the next numbers from below to above. */
function withAll(image: Omit<LabeledImage, "annotations">, annotations: readonly Annotation[]): LabeledImage {
  let numbered = annotations.reduce((highest, { number }) => Math.max(highest, number || 0), image.numbered);
  const all = inOrder(annotations).map((one) =>
    one.number || one.kind === "tag" ? one : { ...one, number: ++numbered },
  );
  return { ...image, numbered, annotations: new Map(all.map((annotation) => [annotation.id, annotation])) };
}

export const labeledImage = (
  { id, width, height, numbered = 0 }: Empty,
  annotations: Iterable<Annotation>,
): LabeledImage => withAll({ id, width, height, numbered }, [...annotations]);

export const patched = (image: LabeledImage, patch: Patch): LabeledImage =>
  patch.size === 0 ? image : withAll(image, [...withPatch(image.annotations, patch).values()]);
