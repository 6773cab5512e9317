import { type Box, grow } from "../geometry/box";
import type { Mask } from "../geometry/mask";
import type { Size } from "../geometry/vector";
import { bitmapOf } from "./maskBitmap";
import type { Scene } from "./scene";
import { TiledPhoto } from "./TiledPhoto";
import { drawWhatIsThere } from "./tiles";

/** The place in a thumbnail where `region` of the image goes: whole, centred, as large as it fits. */
export function placeIn(region: Box, { width, height }: Size): Box {
  const scale = Math.min(width / region.w, height / region.h);
  const [w, h] = [region.w * scale, region.h * scale];
  return { x: (width - w) / 2, y: (height - h) / 2, w, h };
}

/** The part of the image worth showing around `box`. */
export const regionAround = (box: Box): Box => grow(box, 0.06 * Math.max(box.w, box.h) + 1);

/** Draws `region` of the photograph with the mask cut out and the rest dimmed. */
export function drawThumbnail(
  canvas: HTMLCanvasElement,
  photo: Scene["photo"],
  mask: Mask,
  region: Box,
): void {
  const size = { width: canvas.width, height: canvas.height };
  const context = canvas.getContext("2d");
  if (!context || !photo) return;
  const place = placeIn(region, size);
  const scale = place.w / region.w;
  const drawRegion = (source: CanvasImageSource, box: Box) => {
    const [x, y] = [place.x + (box.x - region.x) * scale, place.y + (box.y - region.y) * scale];
    context.drawImage(source, x, y, box.w * scale, box.h * scale);
  };
  const drawPhoto = () => {
    if (photo instanceof TiledPhoto) context.drawImage(partOf(photo, region, place, size), 0, 0);
    else drawRegion(photo, { x: 0, y: 0, ...sizeOf(photo) });
  };
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, size.width, size.height);
  // First only the object, then the whole photograph, dimmed, behind it.
  if (mask.w > 0) drawRegion(bitmapOf(mask, "#ffffff"), mask);
  context.globalCompositeOperation = "source-in";
  drawPhoto();
  context.globalCompositeOperation = "destination-over";
  context.globalAlpha = 0.22;
  drawPhoto();
  context.globalAlpha = 1;
  context.fillStyle = "#000000";
  context.fillRect(0, 0, size.width, size.height);
  context.globalCompositeOperation = "source-over";
}

/** What is there of a region of a large photograph, as a picture of its own. */
function partOf(photo: TiledPhoto, region: Box, place: Box, { width, height }: Size): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const scale = place.w / region.w;
  const viewport = { scale, x: place.x - region.x * scale, y: place.y - region.y * scale };
  const context = canvas.getContext("2d");
  if (context) drawWhatIsThere(context, photo, { viewport, box: region });
  return canvas;
}

function sizeOf(photo: CanvasImageSource): { w: number; h: number } {
  if (photo instanceof HTMLImageElement) return { w: photo.naturalWidth, h: photo.naturalHeight };
  if (photo instanceof HTMLCanvasElement) return { w: photo.width, h: photo.height };
  if (photo instanceof ImageBitmap) return { w: photo.width, h: photo.height };
  return { w: 0, h: 0 };
}
