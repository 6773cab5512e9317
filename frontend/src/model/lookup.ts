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

/** What lies somewhere in the image: all but its tags. */
export const objectsOf = (image: LabeledImage): Annotation[] =>
  [...image.annotations.values()].filter(({ kind }) => kind !== "tag");

export const tagOf = (image: LabeledImage, classId: string): Annotation | undefined =>
  [...image.annotations.values()].find(({ kind, class_id }) => kind === "tag" && class_id === classId);

/** The image's objects by class, in the order of the classes, numbered inside a class. */
export function groupByClass(image: LabeledImage, classes: readonly LabelClass[]): ClassGroup[] {
  const all = objectsOf(image);
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
  const all = objectsOf(image);
  const at = all.findIndex((annotation) => annotation.id === id);
  const of = image.annotations.get(id)?.class_id;
  const name = classes.find((labelClass) => labelClass.id === of)?.name ?? "object";
  if (at < 0) return `tag ${name}`;
  return `${name} ${all.slice(0, at + 1).filter(({ class_id }) => class_id === of).length}`;
}

/** The one that is selected, if it is only one. */
export const theOnly = (image: LabeledImage, selected: readonly string[]): Annotation | undefined =>
  selected.length === 1 ? image.annotations.get(selected[0] ?? "") : undefined;

export function countByClass(image: LabeledImage): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { class_id } of objectsOf(image)) counts.set(class_id, (counts.get(class_id) ?? 0) + 1);
  return counts;
}
