import { type Box, overlaps } from "../../geometry/box";
import { type Annotation, boundsOf } from "../annotation";
import type { LabeledImage } from "../labeledImage";
import { nextZ } from "../lookup";
import { changeAnnotations } from "./changeAnnotations";

type Action = (image: LabeledImage) => LabeledImage;

const withZ = (image: LabeledImage, zs: ReadonlyMap<string, number>): LabeledImage => {
  const changes = [...zs].filter(([id, z]) => image.annotations.get(id)?.z !== z);
  return changeAnnotations(new Map(changes.map(([id, z]) => [id, { z }])))(image);
};

/** The chosen ones in drawing order, in whatever order they were chosen. */
const chosen = (image: LabeledImage, ids: readonly string[]): Annotation[] =>
  [...image.annotations.values()].filter(({ id }) => ids.includes(id));

const isEnd = (image: LabeledImage, ids: readonly string[], end: "top" | "bottom"): boolean => {
  const all = [...image.annotations.keys()];
  const there = end === "top" ? all.slice(-ids.length) : all.slice(0, ids.length);
  return there.every((id) => ids.includes(id));
};

/** Above everything else, in the order that they had among each other. */
export const bringToFront =
  (...ids: readonly string[]): Action =>
  (image) => {
    if (isEnd(image, ids, "top")) return image;
    const top = nextZ(image);
    return withZ(image, new Map(chosen(image, ids).map(({ id }, i) => [id, top + i])));
  };

/** Below everything else. */
export const sendToBack =
  (...ids: readonly string[]): Action =>
  (image) => {
    if (isEnd(image, ids, "bottom")) return image;
    const bottom = Math.min(...[...image.annotations.values()].map(({ z }) => z));
    const moved = chosen(image, ids);
    return withZ(image, new Map(moved.map(({ id }, i) => [id, bottom - moved.length + i])));
  };

const boxOf = (annotation: Annotation): Box => boundsOf(annotation) ?? { x: 0, y: 0, w: 0, h: 0 };

/** Past the next one above (or below) that it overlaps: one that lies elsewhere would make no difference. */
const past =
  (id: string, step: 1 | -1): Action =>
  (image) => {
    const all = [...image.annotations.values()];
    const at = all.findIndex((one) => one.id === id);
    const one = all[at];
    if (!one) return image;
    const beyond = step === 1 ? all.slice(at + 1) : all.slice(0, at).reverse();
    const found = beyond.findIndex((other) => overlaps(boxOf(one), boxOf(other)));
    if (found < 0) return image;
    const order = all.toSpliced(at, 1).toSpliced(at + step * (found + 1), 0, one);
    return withZ(image, renumbered(order, all, Math.min(at, at + step * (found + 1))));
  };

/** The places that were there, given out anew from `from` on; further ones move only where they must. */
function renumbered(order: readonly Annotation[], before: readonly Annotation[], from: number) {
  let last = order[from - 1]?.z ?? Number.NEGATIVE_INFINITY;
  const zs = new Map<string, number>();
  for (let i = from; i < order.length; i++) {
    last = Math.max(before[i]?.z ?? 0, last + 1);
    zs.set(order[i]?.id ?? "", last);
  }
  return zs;
}

export const bringForward =
  (...ids: readonly string[]): Action =>
  (image) =>
    chosen(image, ids).reduceRight((now, { id }) => past(id, 1)(now), image);

export const sendBackward =
  (...ids: readonly string[]): Action =>
  (image) =>
    chosen(image, ids).reduce((now, { id }) => past(id, -1)(now), image);
