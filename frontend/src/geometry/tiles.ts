import type { Box } from "./box";
import { clamp, type Size } from "./vector";

/** A picture in several sizes, each cut into square tiles. A pixel of a level is exactly two by two of the next. */
export interface Pyramid {
  /** The last level's size. */
  readonly image: Size;
  readonly tileSize: number;
  /** The sizes, the smallest first. */
  readonly levels: readonly Size[];
}

export interface Tile {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

export const keyOf = ({ level, x, y }: Tile): string => `${level}/${x}/${y}`;

/** How many of the image's pixels are one of the level's, along a side. */
export const stepOf = ({ levels }: Pyramid, level: number): number => 2 ** (levels.length - 1 - level);

/** The coarsest level that has a pixel for every pixel of the screen, of which `scale` are one of the image. */
export function levelFor({ levels }: Pyramid, scale: number): number {
  const last = levels.length - 1;
  return clamp(last + Math.ceil(Math.log2(scale)), 0, last);
}

/** The part of the image that a tile shows, in image pixels. */
export function boxOf(pyramid: Pyramid, { level, x, y }: Tile): Box {
  const side = pyramid.tileSize * stepOf(pyramid, level);
  const { width, height } = pyramid.image;
  return {
    x: x * side,
    y: y * side,
    w: Math.min(side, width - x * side),
    h: Math.min(side, height - y * side),
  };
}

/** The tiles of a level that show some of the box, those in its middle first. */
export function tilesIn(pyramid: Pyramid, level: number, box: Box): Tile[] {
  if (box.w <= 0 || box.h <= 0) return [];
  const side = pyramid.tileSize * stepOf(pyramid, level);
  const columns = between(box.x / side, (box.x + box.w) / side, pyramid.image.width / side);
  const rows = between(box.y / side, (box.y + box.h) / side, pyramid.image.height / side);
  const [x, y] = [(box.x + box.w / 2) / side - 0.5, (box.y + box.h / 2) / side - 0.5];
  const distance = (tile: Tile) => Math.hypot(tile.x - x, tile.y - y);
  return rows
    .flatMap((row) => columns.map((column) => ({ level, x: column, y: row })))
    .sort((a, b) => distance(a) - distance(b));
}

/** The whole numbers of [start, end) that lie in [0, length). */
function between(start: number, end: number, length: number): number[] {
  const first = Math.max(0, Math.floor(start));
  const last = Math.min(Math.ceil(length), Math.ceil(end));
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
}

/**
 * What is to be loaded while `box` of the image is looked at on `level`, in this order: a coarser picture of it,
 * itself, and what lies around it.
 */
export function wantedTiles(pyramid: Pyramid, level: number, box: Box): Tile[] {
  const side = pyramid.tileSize * stepOf(pyramid, level);
  const ring = { x: box.x - side / 2, y: box.y - side / 2, w: box.w + side, h: box.h + side };
  const coarser = Math.max(0, level - 2);
  const tiles = [
    ...tilesIn(pyramid, coarser, box),
    ...tilesIn(pyramid, level, box),
    ...tilesIn(pyramid, level, ring),
  ];
  return [...new Map(tiles.map((tile) => [keyOf(tile), tile])).values()];
}
