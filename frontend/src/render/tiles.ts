import type { Box } from "../geometry/box";
import { boxOf, levelFor, stepOf, type Tile, tilesIn, wantedTiles } from "../geometry/tiles";
import type { Viewport } from "../geometry/viewport";
import { type Scene, visiblePart } from "./scene";
import type { TiledPhoto } from "./TiledPhoto";

type Context = CanvasRenderingContext2D;

/** Where a part of the image goes. `scale` and the rest of the viewport are in device pixels here. */
interface Look {
  readonly viewport: Viewport;
  readonly box: Box;
}

/** Draws what is seen of a photograph, and has the tiles loaded that it lacks for that. */
export function drawTiledPhoto(context: Context, photo: TiledPhoto, scene: Scene, ratio: number): void {
  const { scale, x, y } = scene.viewport;
  const look = {
    viewport: { scale: scale * ratio, x: x * ratio, y: y * ratio },
    box: visiblePart(scene),
  };
  if (photo.source) {
    const { pyramid } = photo.source;
    photo.want(wantedTiles(pyramid, levelFor(pyramid, look.viewport.scale), look.box));
  }
  drawWhatIsThere(context, photo, look);
}

/** The finest tiles that are there so far; where some are missing, over coarser ones, over the small picture. */
export function drawWhatIsThere(context: Context, photo: TiledPhoto, look: Look): void {
  // No level has more than four pixels for one of the screen: better smoothing would only take longer.
  context.imageSmoothingQuality = "low";
  const { tiles, covered } = drawnTiles(photo, look);
  if (!covered) drawSmall(context, photo, look);
  for (const tile of tiles) drawTile(context, photo, tile, look);
}

function drawSmall(context: Context, { small, size: { width, height } }: TiledPhoto, look: Look): void {
  place(context, small, small.naturalWidth, small.naturalHeight, look, { x: 0, y: 0, w: width, h: height });
}

/** From the coarsest. Once a level covers all that is seen, nothing shows of what lies beneath it. */
function drawnTiles(photo: TiledPhoto, { viewport, box }: Look): { tiles: Tile[]; covered: boolean } {
  const drawn: Tile[][] = [];
  if (!photo.source) return { tiles: [], covered: false };
  const { pyramid } = photo.source;
  for (let level = levelFor(pyramid, viewport.scale); level >= 0; level--) {
    const tiles = tilesIn(pyramid, level, box);
    const there = tiles.filter((tile) => photo.bitmap(tile));
    drawn.unshift(there);
    if (there.length === tiles.length) return { tiles: drawn.flat(), covered: true };
  }
  return { tiles: drawn.flat(), covered: false };
}

function drawTile(context: Context, photo: TiledPhoto, tile: Tile, look: Look): void {
  const bitmap = photo.bitmap(tile);
  if (!bitmap || !photo.source) return;
  const box = boxOf(photo.source.pyramid, tile);
  const step = stepOf(photo.source.pyramid, tile.level);
  place(context, bitmap, box.w / step, box.h / step, look, box);
}

/** On whole device pixels, so that neighbours meet without a seam. */
function place(
  context: Context,
  source: CanvasImageSource,
  width: number,
  height: number,
  { viewport: { scale, x, y } }: Look,
  box: Box,
): void {
  const [left, top] = [Math.round(box.x * scale + x), Math.round(box.y * scale + y)];
  const [right, bottom] = [Math.round((box.x + box.w) * scale + x), Math.round((box.y + box.h) * scale + y)];
  context.drawImage(source, 0, 0, width, height, left, top, right - left, bottom - top);
}
