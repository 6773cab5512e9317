import type { Annotation } from "./annotation";

/** An image and what is labeled on it. Never changed in place: every edit makes a new one. */
export interface LabeledImage {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** By id, in drawing order: the last one lies on top. */
  readonly annotations: ReadonlyMap<string, Annotation>;
}

const inOrder = (annotations: Iterable<Annotation>): Map<string, Annotation> =>
  new Map([...annotations].sort((a, b) => a.z - b.z).map((annotation) => [annotation.id, annotation]));

export const labeledImage = (
  { id, width, height }: { id: string; width: number; height: number },
  annotations: Iterable<Annotation>,
): LabeledImage => ({ id, width, height, annotations: inOrder(annotations) });

/** Annotations to put in place by id; null takes one away. */
export type Patch = ReadonlyMap<string, Annotation | null>;

export function patched(image: LabeledImage, patch: Patch): LabeledImage {
  if (patch.size === 0) return image;
  const annotations = new Map(image.annotations);
  for (const [id, annotation] of patch) {
    if (annotation) annotations.set(id, annotation);
    else annotations.delete(id);
  }
  return { ...image, annotations: inOrder(annotations.values()) };
}

/** What turns `from` into `to`. Annotations are shared between images, so identity tells which changed. */
export function patchBetween(from: LabeledImage, to: LabeledImage): Patch {
  const patch = new Map<string, Annotation | null>();
  for (const [id, annotation] of to.annotations) {
    if (from.annotations.get(id) !== annotation) patch.set(id, annotation);
  }
  for (const id of from.annotations.keys()) if (!to.annotations.has(id)) patch.set(id, null);
  return patch;
}
