import type { Box } from "../geometry/box";
import type { Annotation } from "../model/annotation";
import { type Context, strokeWithHalo } from "./draw";
import { boxPath, edgeOf } from "./edges";
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
  const { annotation, colour, filled } = crop;
  const edge = edgeOf(annotation, scale);
  if (!edge || annotation.kind === "tag") return;
  context.globalAlpha = OPACITY;
  context.fillStyle = colour;
  if (filled && annotation.kind !== "box") context.fill(edge, "evenodd");
  context.globalAlpha = 1;
  strokeWithHalo(context, edge, colour, WIDTH * pixel, pixel);
}
