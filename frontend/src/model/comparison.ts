import { type Box, fromXywh, union } from "../geometry/box";
import { EMPTY_MASK, type Mask, maskArea } from "../geometry/mask";
import { without } from "../geometry/maskAlgebra";
import { iou } from "../geometry/simplify";
import { type Annotation, boundsOf, type LabelClass, pixelsOf } from "./annotation";
import type { Attribute, Values } from "./attributes";
import { same } from "./diff";

/** Two versions of one object; null where one of them deleted it. */
export interface Versions {
  readonly id: string;
  readonly mine: Annotation | null;
  readonly theirs: Annotation | null;
}

/** How the shapes of two versions differ, in pixels. */
export interface ShapeDifference {
  readonly onlyMine: Mask;
  readonly onlyTheirs: Mask;
  readonly changed: number;
  readonly iou: number;
}

export interface Difference {
  readonly what: string;
  readonly mine: string;
  readonly theirs: string;
}

function solid({ x, y, w, h }: Box): Mask {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const box = { x: left, y: top, w: Math.ceil(x + w) - left, h: Math.ceil(y + h) - top };
  return { ...box, data: new Uint8Array(box.w * box.h).fill(1) };
}

const areaOf = (annotation: Annotation | null): Mask => {
  if (!annotation) return EMPTY_MASK;
  return annotation.kind === "box" && annotation.bbox
    ? solid(fromXywh(annotation.bbox))
    : pixelsOf(annotation);
};

/** The part of the image that either version takes, or null where neither lies anywhere. */
export function boundsOfBoth({ mine, theirs }: Versions): Box | null {
  const boxes = [mine, theirs].flatMap((one) => (one && boundsOf(one)) ?? []);
  return boxes.length > 0 ? boxes.reduce(union) : null;
}

/** Null where the shapes are the same, or there is only one. */
export function shapeDifference({ mine, theirs }: Versions): ShapeDifference | null {
  if (!mine || !theirs) return null;
  const [a, b] = [areaOf(mine), areaOf(theirs)];
  const [onlyMine, onlyTheirs] = [without(a, b), without(b, a)];
  const changed = maskArea(onlyMine) + maskArea(onlyTheirs);
  return changed === 0 ? null : { onlyMine, onlyTheirs, changed, iou: iou(a, b) };
}

/** What differs beside the shape, in words. */
export function differences({ mine, theirs }: Versions, classes: readonly LabelClass[]): Difference[] {
  if (!mine || !theirs) return [];
  const nameOf = ({ class_id }: Annotation) => classes.find(({ id }) => id === class_id)?.name ?? "unknown";
  const plain = [
    { what: "Class", mine: nameOf(mine), theirs: nameOf(theirs) },
    { what: "Kind", mine: mine.kind, theirs: theirs.kind },
    { what: "Place in the stack", mine: String(mine.z), theirs: String(theirs.z) },
  ];
  return [...plain, ...saidOf(mine, theirs, classes)].filter((one) => one.mine !== one.theirs);
}

function saidOf(mine: Annotation, theirs: Annotation, classes: readonly LabelClass[]): Difference[] {
  const asked = classes
    .filter(({ id }) => id === mine.class_id || id === theirs.class_id)
    .flatMap(({ attributes }) => attributes);
  return asked
    .filter(({ id }) => !same(mine.attributes[id], theirs.attributes[id]))
    .map((attribute) => ({
      what: attribute.name,
      mine: said(attribute, mine.attributes),
      theirs: said(attribute, theirs.attributes),
    }));
}

function said({ id, kind }: Attribute, values: Values): string {
  const value = values[id];
  if (value === undefined || value === null) return "nothing";
  if (kind === "yes_no") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
