import { intersection } from "../../geometry/box";
import type { Mask } from "../../geometry/mask";
import { common } from "../../geometry/maskAlgebra";
import { clampInto, type Size, type Vector } from "../../geometry/vector";
import { translate } from "../../geometry/vertices";
import { type Annotation, boundsOf, newAnnotation, type Person, pixelsOf } from "../annotation";
import { boxGeometry, coversPixels, type Geometry, maskGeometry, polygonGeometry } from "../geometry";
import type { LabeledImage } from "../labeledImage";

/** What was copied, and of which image. */
export interface Copied {
  readonly imageId: string;
  readonly annotations: readonly Annotation[];
}

interface Paster {
  readonly me: Person;
  readonly newId: () => string;
  /** The class that it gets here, where there may be others than where it was copied; null leaves it out. */
  readonly classFor: (classId: string) => string | null;
}

const ASIDE: Vector = { x: 10, y: 10 };

/**
 * Copies for an image: at the same place, cut at the edge of an image that is smaller, and a little aside on the
 * image that they are from. Those that lie outside are left out, and so are tags that the image has.
 */
export function pasted(copied: Copied, image: LabeledImage, { me, newId, classFor }: Paster): Annotation[] {
  const by = copied.imageId === image.id ? ASIDE : { x: 0, y: 0 };
  return copied.annotations.flatMap((annotation) => {
    const { kind, attributes } = annotation;
    const class_id = classFor(annotation.class_id);
    const geometry = kind === "tag" ? tagGeometry(image, class_id) : placed(annotation, by, image);
    if (!class_id || !geometry) return [];
    // Nobody has scored it here, whatever the model said of it there.
    const source = kind === "mask" ? "brush" : kind;
    return [newAnnotation(me, { id: newId(), class_id, source, attributes, ...geometry })];
  });
}

function tagGeometry(image: LabeledImage, class_id: string | null): Geometry | null {
  const there = [...image.annotations.values()].some(
    (one) => one.kind === "tag" && one.class_id === class_id,
  );
  const area = image.width * image.height;
  return there ? null : { kind: "tag", segmentation: null, polygon: null, bbox: null, area };
}

function placed(annotation: Annotation, by: Vector, image: Size): Geometry | null {
  const whole = { x: 0, y: 0, w: image.width, h: image.height };
  if (annotation.kind === "mask") return cutMask(pixelsOf(annotation), by, image);
  if (annotation.polygon) {
    const polygon = translate(annotation.polygon, by).map((rings) =>
      rings.map((flat) => clampRing(flat, image)),
    );
    return coversPixels(polygon, image) ? polygonGeometry(polygon) : null;
  }
  const bounds = boundsOf(annotation);
  const box = bounds && intersection({ ...bounds, x: bounds.x + by.x, y: bounds.y + by.y }, whole);
  return box && box.w > 0 && box.h > 0 ? boxGeometry(box) : null;
}

function cutMask(mask: Mask, by: Vector, image: Size): Geometry | null {
  const there = { ...mask, x: mask.x + by.x, y: mask.y + by.y };
  const { width: w, height: h } = image;
  const inside = intersection(there, { x: 0, y: 0, w, h });
  const all = { ...inside, data: new Uint8Array(inside.w * inside.h).fill(1) };
  const cut = common(there, all);
  return cut.w > 0 ? maskGeometry(cut, image) : null;
}

const clampRing = (flat: readonly number[], image: Size): number[] =>
  flat.flatMap((x, i) => {
    if (i % 2 === 1) return [];
    const p = clampInto({ x, y: flat[i + 1] ?? 0 }, image);
    return [p.x, p.y];
  });
