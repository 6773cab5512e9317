import type { Box } from "../geometry/box";
import type { Size } from "../geometry/vector";
import { drawShape, toImageSpace } from "./draw";
import { PLAIN_STYLE, type Shape } from "./scene";
import { type Photo, TiledPhoto } from "./TiledPhoto";
import { placeIn } from "./thumbnail";
import { drawWhatIsThere } from "./tiles";

interface Preview {
  /** The photograph, or a smaller one of the same; null leaves the sheet empty. */
  readonly photo: Photo | null;
  readonly image: Size;
  /** The part of the image to show. */
  readonly region: Box;
  readonly shapes: readonly Shape[];
}

/** Draws a part of an image with shapes on it, whole and as large as it fits. */
export function drawPreview(canvas: HTMLCanvasElement, { photo, image, region, shapes }: Preview): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const place = placeIn(region, canvas);
  const scale = place.w / region.w;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const viewport = { scale, x: place.x - region.x * scale, y: place.y - region.y * scale };
  context.imageSmoothingQuality = "high";
  if (photo instanceof TiledPhoto) drawWhatIsThere(context, photo, { viewport, box: region });
  toImageSpace(context, viewport, 1);
  if (photo instanceof HTMLImageElement) context.drawImage(photo, 0, 0, image.width, image.height);
  for (const shape of shapes) drawShape(context, shape, scale, PLAIN_STYLE);
}
