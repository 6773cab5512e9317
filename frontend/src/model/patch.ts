import type { Annotation } from "./annotation";

export type Annotations = ReadonlyMap<string, Annotation>;

/** Annotations to put in place by id; null takes one away. */
export type Patch = ReadonlyMap<string, Annotation | null>;

export function withPatch(annotations: Annotations, patch: Patch): Annotations {
  const result = new Map(annotations);
  for (const [id, annotation] of patch) {
    if (annotation) result.set(id, annotation);
    else result.delete(id);
  }
  return result;
}

/** What turns `from` into `to`. Annotations are shared between states, so identity tells which changed. */
export function patchBetween(from: Annotations, to: Annotations): Patch {
  const patch = new Map<string, Annotation | null>();
  for (const [id, annotation] of to) if (from.get(id) !== annotation) patch.set(id, annotation);
  for (const id of from.keys()) if (!to.has(id)) patch.set(id, null);
  return patch;
}
