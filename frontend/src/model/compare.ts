import type { Box } from "../geometry/box";
import { EMPTY_MASK, type Mask, maskArea } from "../geometry/mask";
import { common, without } from "../geometry/maskAlgebra";
import { type Annotation, boundsOf, type LabelClass, pixelsOf } from "./annotation";
import type { Attribute, Values } from "./attributes";
import { same } from "./diff";

/** Two versions of one object; null where one of them deleted it. */
export interface Versions {
  readonly id: string;
  readonly mine: Annotation | null;
  readonly theirs: Annotation | null;
}

/** What a change made of a shape: the pixels that came and went, and how much is the same. */
export interface Comparison {
  readonly before: Mask;
  readonly after: Mask;
  readonly added: Mask;
  readonly removed: Mask;
  /** Pixels of both to pixels of either; 1 where nothing changed. */
  readonly iou: number;
}

export function comparedMasks(before: Mask, after: Mask): Comparison {
  const both = maskArea(common(before, after));
  const either = maskArea(before) + maskArea(after) - both;
  return {
    before,
    after,
    added: without(after, before),
    removed: without(before, after),
    iou: either === 0 ? 1 : both / either,
  };
}

/** Two versions of an object, whatever each is made of. */
export const compared = (before: Annotation | null, after: Annotation | null): Comparison =>
  comparedMasks(areaOf(before), areaOf(after));

/** The pixels of a mask or polygon, or those inside a box; none of what was deleted. */
export function areaOf(annotation: Annotation | null): Mask {
  if (!annotation) return EMPTY_MASK;
  const box = annotation.kind === "box" && boundsOf(annotation);
  return box ? filled(box) : pixelsOf(annotation);
}

function filled(box: Box): Mask {
  const [x, y] = [Math.round(box.x), Math.round(box.y)];
  const [w, h] = [Math.round(box.x + box.w) - x, Math.round(box.y + box.h) - y];
  return { x, y, w, h, data: new Uint8Array(w * h).fill(1) };
}

/** What is not the same beside the shape, in words. */
export interface Difference {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** What differs beside the shape, in words. */
export function differences(
  before: Annotation | null,
  after: Annotation | null,
  classes: readonly LabelClass[],
): Difference[] {
  if (!before || !after) return [];
  const nameOf = ({ class_id }: Annotation) => classes.find(({ id }) => id === class_id)?.name ?? "unknown";
  const plain = [
    { what: "Class", before: nameOf(before), after: nameOf(after) },
    { what: "Kind", before: before.kind, after: after.kind },
    { what: "Place in the stack", before: String(before.z), after: String(after.z) },
  ];
  return [...plain, ...saidOf(before, after, classes)].filter((one) => one.before !== one.after);
}

function saidOf(before: Annotation, after: Annotation, classes: readonly LabelClass[]): Difference[] {
  const asked = classes
    .filter(({ id }) => id === before.class_id || id === after.class_id)
    .flatMap(({ attributes }) => attributes);
  return asked
    .filter(({ id }) => !same(before.attributes[id], after.attributes[id]))
    .map((attribute) => ({
      what: attribute.name,
      before: said(attribute, before.attributes),
      after: said(attribute, after.attributes),
    }));
}

function said({ id, kind }: Attribute, values: Values): string {
  const value = values[id];
  if (value === undefined || value === null) return "nothing";
  if (kind === "yes_no") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
