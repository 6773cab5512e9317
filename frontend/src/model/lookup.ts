import type { Vector } from "../geometry/vector";
import { type Annotation, hits, type LabelClass } from "./annotation";
import type { LabeledImage } from "./labeledImage";

/** The annotations under an image point, the topmost first. */
export const annotationsAt = (image: LabeledImage, p: Vector, hidden: ReadonlySet<string>): Annotation[] =>
  [...image.annotations.values()].filter((a) => !hidden.has(a.id) && hits(a, p)).reverse();

export const nextZ = (image: LabeledImage): number =>
  Math.max(-1, ...[...image.annotations.values()].map((a) => a.z)) + 1;

export interface ClassGroup {
  readonly labelClass: LabelClass;
  /** Each with its name in the image: "Sheep 2". */
  readonly members: readonly { readonly annotation: Annotation; readonly name: string }[];
}

/** The image's annotations by class, in the order of the classes, numbered inside a class. */
export function groupByClass(image: LabeledImage, classes: readonly LabelClass[]): ClassGroup[] {
  const all = [...image.annotations.values()];
  return classes
    .map((labelClass) => ({
      labelClass,
      members: all
        .filter((annotation) => annotation.class_id === labelClass.id)
        .map((annotation, i) => ({ annotation, name: `${labelClass.name} ${i + 1}` })),
    }))
    .filter((group) => group.members.length > 0);
}

/** What people call an annotation: "Sheep 2", the second of its class in the image. */
export function nameOf(image: LabeledImage, classes: readonly LabelClass[], id: string): string {
  const all = [...image.annotations.values()];
  const at = all.findIndex((annotation) => annotation.id === id);
  const of = all[at]?.class_id;
  const name = classes.find((labelClass) => labelClass.id === of)?.name ?? "object";
  return `${name} ${all.slice(0, at + 1).filter(({ class_id }) => class_id === of).length}`;
}

/** The one that is selected, if it is only one. */
export const theOnly = (image: LabeledImage, selected: readonly string[]): Annotation | undefined =>
  selected.length === 1 ? image.annotations.get(selected[0] ?? "") : undefined;

export function countByClass(image: LabeledImage): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { class_id } of image.annotations.values())
    counts.set(class_id, (counts.get(class_id) ?? 0) + 1);
  return counts;
}
