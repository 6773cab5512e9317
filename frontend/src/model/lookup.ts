import type { Vector } from "../geometry/vector";
import { type Annotation, hits, type LabelClass } from "./annotation";
import type { LabeledImage } from "./labeledImage";

/** The annotations under an image point, the topmost first. */
export const annotationsAt = (image: LabeledImage, p: Vector, hidden: ReadonlySet<string>): Annotation[] =>
  objectsOf(image)
    .filter((a) => hits(a, p) && !hidden.has(a.id))
    .reverse();

/** Above everything that is there, which is in the order of `z`. */
export const nextZ = (image: LabeledImage): number =>
  Math.max(-1, [...image.annotations.values()].at(-1)?.z ?? -1) + 1;

export interface ClassGroup {
  readonly labelClass: LabelClass;
  /** Each with its name in the image: "Sheep 2". */
  readonly members: readonly { readonly annotation: Annotation; readonly name: string }[];
}

const objects = new WeakMap<LabeledImage, readonly Annotation[]>();

/** What lies somewhere in the image: all but its tags. Found once for each image, as every movement may ask. */
export function objectsOf(image: LabeledImage): readonly Annotation[] {
  const known = objects.get(image);
  if (known) return known;
  const all = [...image.annotations.values()].filter(({ kind }) => kind !== "tag");
  objects.set(image, all);
  return all;
}

const tags = new WeakMap<LabeledImage, readonly Annotation[]>();

function tagsOf(image: LabeledImage): readonly Annotation[] {
  const known = tags.get(image);
  if (known) return known;
  const all = [...image.annotations.values()].filter(({ kind }) => kind === "tag");
  tags.set(image, all);
  return all;
}

export const tagOf = (image: LabeledImage, classId: string): Annotation | undefined =>
  tagsOf(image).find(({ class_id }) => class_id === classId);

/** The image's objects by class, in the order of the classes. */
export function groupByClass(image: LabeledImage, classes: readonly LabelClass[]): ClassGroup[] {
  const byClass = new Map<string, Annotation[]>(classes.map(({ id }) => [id, []]));
  for (const annotation of objectsOf(image)) byClass.get(annotation.class_id)?.push(annotation);
  return classes.flatMap((labelClass) => {
    const members = byClass.get(labelClass.id) ?? [];
    if (members.length === 0) return [];
    const named = members.map((annotation) => ({
      annotation,
      name: `${labelClass.name} ${annotation.number}`,
    }));
    return [{ labelClass, members: named }];
  });
}

/** The display name of an annotation, such as "Sheep 2". It stays when others are deleted. */
export function nameOf(image: LabeledImage, classes: readonly LabelClass[], id: string): string {
  const annotation = image.annotations.get(id);
  const name = classes.find((labelClass) => labelClass.id === annotation?.class_id)?.name ?? "object";
  return annotation?.kind === "tag" ? `tag ${name}` : `${name} ${annotation?.number ?? ""}`.trim();
}

/** The one that is selected, if it is only one. */
export const theOnly = (image: LabeledImage, selected: readonly string[]): Annotation | undefined =>
  selected.length === 1 ? image.annotations.get(selected[0] ?? "") : undefined;

/** The class that all of some objects have. */
export function classOf(
  image: LabeledImage,
  classes: readonly LabelClass[],
  ids: readonly string[],
): LabelClass | undefined {
  const [first, ...others] = ids.map((id) => image.annotations.get(id)?.class_id);
  return others.every((of) => of === first) ? classes.find(({ id }) => id === first) : undefined;
}

export function countByClass(image: LabeledImage): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { class_id } of objectsOf(image)) counts.set(class_id, (counts.get(class_id) ?? 0) + 1);
  return counts;
}
