import { type Box, fromXywh } from "../geometry/box";
import { traceOutline } from "../geometry/outline";
import { coarseMask, runsOf } from "../geometry/runs";
import type { Annotation } from "../model/annotation";
import { boxPath, type Context, strokeWithHalo } from "./draw";
import { bitmapOf, pathOf, polygonPath } from "./maskBitmap";
import { placeIn } from "./thumbnail";

export interface Crop {
  /** The photograph's part that `region`, in pixels of the whole image, is. */
  readonly picture: CanvasImageSource;
  readonly region: Box;
  readonly annotation: Annotation;
  readonly colour: string;
  /** Filled, or only its outline. */
  readonly filled: boolean;
}

const OPACITY = 0.35;
const WIDTH = 2;

/** Draws a part of a photograph, whole and centred, with an annotation on it. `ratio` is device pixels a CSS pixel. */
export function drawCrop(canvas: HTMLCanvasElement, crop: Crop, ratio: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const place = placeIn(crop.region, canvas);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(crop.picture, place.x, place.y, place.w, place.h);
  context.save();
  context.clip(boxPath(place));
  const scale = place.w / crop.region.w;
  context.setTransform(scale, 0, 0, scale, place.x - crop.region.x * scale, place.y - crop.region.y * scale);
  drawShape(context, crop, scale, ratio / scale);
  context.restore();
}

/** `pixel` is the length of a CSS pixel in image pixels. */
function drawShape(context: Context, crop: Crop, scale: number, pixel: number): void {
  const { polygon, segmentation, bbox, kind } = crop.annotation;
  if (polygon) drawPath(context, crop, polygonPath(polygon), pixel);
  else if (segmentation) drawMask(context, crop, scale, pixel);
  else if (bbox && kind === "box")
    strokeWithHalo(context, boxPath(fromXywh(bbox)), crop.colour, WIDTH * pixel, pixel);
}

function drawPath(context: Context, { colour, filled }: Crop, path: Path2D, pixel: number): void {
  context.globalAlpha = OPACITY;
  context.fillStyle = colour;
  if (filled) context.fill(path, "evenodd");
  context.globalAlpha = 1;
  strokeWithHalo(context, path, colour, WIDTH * pixel, pixel);
}

/** As coarse as it is shown: sixty masks of large images are not sixty bitmaps of megapixels. */
function drawMask(
  context: Context,
  { annotation, colour, filled }: Crop,
  scale: number,
  pixel: number,
): void {
  const { segmentation, bbox } = annotation;
  if (!segmentation || !bbox) return;
  const step = Math.max(1, Math.floor(1 / scale));
  const mask = coarseMask(runsOf(segmentation), fromXywh(bbox), step);
  if (mask.w === 0) return;
  context.scale(step, step);
  context.globalAlpha = filled ? OPACITY : 0;
  context.drawImage(bitmapOf(mask, colour), mask.x, mask.y);
  context.globalAlpha = 1;
  strokeWithHalo(context, pathOf(traceOutline(mask)), colour, (WIDTH * pixel) / step, pixel / step);
}
