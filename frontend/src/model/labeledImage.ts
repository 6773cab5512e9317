import type { Annotation } from "./annotation";
import { type Annotations, type Patch, withPatch } from "./patch";

/** An image and what is labeled on it. Never changed in place: every edit makes a new one. */
export interface LabeledImage {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** By id, in drawing order: the last one lies on top. */
  readonly annotations: Annotations;
}

const inOrder = (annotations: Iterable<Annotation>): Annotations =>
  new Map([...annotations].sort((a, b) => a.z - b.z).map((annotation) => [annotation.id, annotation]));

export const labeledImage = (
  { id, width, height }: { id: string; width: number; height: number },
  annotations: Iterable<Annotation>,
): LabeledImage => ({ id, width, height, annotations: inOrder(annotations) });

export const patched = (image: LabeledImage, patch: Patch): LabeledImage =>
  patch.size === 0 ? image : { ...image, annotations: inOrder(withPatch(image.annotations, patch).values()) };
