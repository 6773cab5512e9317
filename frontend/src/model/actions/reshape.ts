import { type Mask, samePixels } from "../../geometry/mask";
import { common, unite, without } from "../../geometry/maskAlgebra";
import { grown, shrunk, smoothed } from "../../geometry/maskMorphology";
import { partsOf, withoutHoles } from "../../geometry/maskParts";
import type { Size } from "../../geometry/vector";
import { type Annotation, pixelsOf } from "../annotation";
import { maskGeometry } from "../geometry";
import { type LabeledImage, patched } from "../labeledImage";
import { nextZ } from "../lookup";
import { withoutPinholes, withoutSpecks } from "../tidy";
import { changeAnnotations } from "./changeAnnotations";

type Action = (image: LabeledImage) => LabeledImage;

const found = (image: LabeledImage, ids: readonly string[]): Annotation[] =>
  ids.flatMap((id) => image.annotations.get(id) ?? []);

/** Gives masks new pixels; one of which nothing would be left, or nothing changes, stays as it is. */
const reshape =
  (ids: readonly string[], edit: (mask: Mask, image: Size) => Mask): Action =>
  (image) => {
    const changes = found(image, ids).flatMap((annotation) => {
      const before = pixelsOf(annotation);
      const after = edit(before, image);
      const same = after.w === 0 || samePixels(after, before);
      return same ? [] : [[annotation.id, maskGeometry(after, image)] as const];
    });
    return changeAnnotations(new Map(changes))(image);
  };

export const fillHoles = (...ids: readonly string[]): Action => reshape(ids, withoutHoles);

export const fillPinholes = (...ids: readonly string[]): Action => reshape(ids, withoutPinholes);

export const keepLargest = (...ids: readonly string[]): Action =>
  reshape(ids, (mask) => partsOf(mask)[0] ?? mask);

export const removeSpecks = (...ids: readonly string[]): Action => reshape(ids, withoutSpecks);

/** Grows masks by so many pixels, or shrinks them by a negative number of them. */
export const growMasks = (by: number, ...ids: readonly string[]): Action =>
  reshape(ids, (mask, image) => (by > 0 ? grown(mask, by, image) : shrunk(mask, -by, image)));

export const smoothMasks = (...ids: readonly string[]): Action => reshape(ids, smoothed);

/** Polygons become masks of exactly their pixels. */
export const rasterisePolygons =
  (...ids: readonly string[]): Action =>
  (image) => {
    const polygons = found(image, ids).filter(({ kind }) => kind === "polygon");
    return changeAnnotations(new Map(polygons.map((one) => [one.id, maskGeometry(pixelsOf(one), image)])))(
      image,
    );
  };

/** The first becomes the mask of all of them; the others go. */
export const mergeAnnotations =
  (...ids: readonly string[]): Action =>
  (image) => {
    const [first, ...others] = found(image, ids);
    if (!first || others.length === 0) return image;
    const merged = maskGeometry([first, ...others].map(pixelsOf).reduce(unite), image);
    const gone = new Map(others.map(({ id }) => [id, null]));
    return patched(changeAnnotations(new Map([[first.id, merged]]))(image), gone);
  };

/** The first loses what the others cover; they stay as they are. */
export const subtractAnnotations = (first: string, ...others: readonly string[]): Action => {
  return (image) =>
    reshape([first], (mask) => found(image, others).map(pixelsOf).reduce(without, mask))(image);
};

/** The first keeps what all of them cover; the others stay as they are. */
export const intersectAnnotations = (first: string, ...others: readonly string[]): Action => {
  return (image) =>
    reshape([first], (mask) => found(image, others).map(pixelsOf).reduce(common, mask))(image);
};

/** Each part becomes an annotation of its own; the largest stays the one it was. */
export const splitAnnotation =
  (id: string, newId: () => string): Action =>
  (image) => {
    const annotation = image.annotations.get(id);
    const [largest, ...others] = annotation ? partsOf(pixelsOf(annotation)) : [];
    if (!annotation || !largest || others.length === 0) return image;
    const z = nextZ(image);
    const fresh = others.map((part, i): Annotation => {
      const place = { id: newId(), number: 0, z: z + i, version: 0, state: "draft", review: null } as const;
      return { ...annotation, ...maskGeometry(part, image), ...place };
    });
    const changed = changeAnnotations(new Map([[id, maskGeometry(largest, image)]]))(image);
    return patched(changed, new Map(fresh.map((part) => [part.id, part])));
  };
