import type { Box, Xywh } from "../geometry/box";
import { type Mask, maskArea } from "../geometry/mask";
import { type Polygon, polygonArea, polygonBounds, rasterise } from "../geometry/polygon";
import { encodeRle } from "../geometry/rle";
import { clampInto, type Size, type Vector } from "../geometry/vector";
import { type Annotation, rememberMask } from "./annotation";

/** The fields of an annotation that say where it is. */
export type Geometry = Pick<Annotation, "kind" | "segmentation" | "polygon" | "bbox" | "area">;

const xywh = ({ x, y, w, h }: Box): Xywh => [x, y, w, h];

/** `mask` must be in its smallest box, as all of geometry/ makes them, and inside the image. */
export function maskGeometry(mask: Mask, image: Size): Geometry {
  const segmentation = encodeRle(mask, image);
  rememberMask(segmentation, mask);
  return { kind: "mask", segmentation, polygon: null, bbox: xywh(mask), area: maskArea(mask) };
}

export const boxGeometry = (box: Box): Geometry => ({
  kind: "box",
  segmentation: null,
  polygon: null,
  bbox: xywh(box),
  area: box.w * box.h,
});

export const polygonGeometry = (polygon: Polygon): Geometry => ({
  kind: "polygon",
  segmentation: null,
  polygon,
  bbox: xywh(polygonBounds(polygon)),
  area: polygonArea(polygon),
});

/** Whether any pixel's centre lies inside; the server refuses polygons without. */
export const coversPixels = (polygon: Polygon, image: Size): boolean =>
  maskArea(rasterise(polygon, image)) > 0;

/** Hundredths of a pixel: finer than anyone points, and short to save. Inside the image, as the server asks. */
export const placeInside = (p: Vector, image: Size): Vector => {
  const { x, y } = clampInto(p, image);
  return { x: Math.round(x * 100) / 100, y: Math.round(y * 100) / 100 };
};
