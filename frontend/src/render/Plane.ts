import { type Box, intersection } from "../geometry/box";
import type { Size } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import { type Projection, placeOf } from "./region";
import { hasArea } from "./stale";
import { Tile } from "./Tile";

/** CSS pixels of a tile's side: few enough to be drawn in a frame or two, many enough to be few. */
const SIDE = 256;
/** Tiles farther than this from what is in sight are let go. */
const KEPT_AROUND = 2;

/**
 * The picture of all shapes at one scale, as tiles that are drawn when they come into sight and then stay: moving the
 * view moves the plane, and draws nothing that was drawn before.
 */
export class Plane {
  readonly scale: number;
  readonly #ratio = window.devicePixelRatio;
  readonly #element = document.createElement("div");
  readonly #tiles = new Map<string, Tile>();
  readonly #extent: Box;

  /** `scale` is device pixels an image pixel. It is hidden until it is shown. */
  constructor(host: HTMLElement, scale: number, image: Size) {
    this.scale = scale;
    const whole = { x: 0, y: 0, w: image.width, h: image.height };
    this.#extent = placeOf(whole, this.projection);
    this.#element.style.cssText =
      "position:absolute;inset:0;transform-origin:0 0;will-change:transform;visibility:hidden";
    host.append(this.#element);
  }

  get projection(): Projection {
    return { view: { scale: this.scale, x: 0, y: 0 }, ratio: this.#ratio };
  }

  /** Whether it is the picture for a view and not one that has to be scaled for it. */
  fits({ scale }: Viewport): boolean {
    return Math.abs(this.scale / scale - 1) < 1e-6 && this.#ratio === window.devicePixelRatio;
  }

  /** Shows it as it is, moved and scaled to a view in device pixels; null hides it. */
  show(view: Viewport | null): void {
    this.#element.style.visibility = view ? "visible" : "hidden";
    if (!view) return;
    const [scale, ratio] = [this.fits(view) ? 1 : view.scale / this.scale, window.devicePixelRatio];
    const zoom = scale === 1 ? 1 : (scale * this.#ratio) / ratio;
    this.#element.style.transform = `matrix(${zoom},0,0,${zoom},${view.x / ratio},${view.y / ratio})`;
  }

  /** Something changed in these boxes of the image. */
  outdate(boxes: readonly Box[]): void {
    const places = boxes.map((box) => placeOf(box, this.projection));
    for (const tile of this.#tiles.values()) tile.outdate(places);
  }

  outdateAll(): void {
    for (const tile of this.#tiles.values()) tile.outdate([this.#extent]);
  }

  /** The tiles that a view sees of it, and `around` more to each side. */
  tiles(view: Viewport, screen: Size, around = 0): Tile[] {
    return this.#cells(view, screen, around).map((cell) => this.#tile(cell));
  }

  /** Lets go of what is far from a view. */
  tidy(view: Viewport, screen: Size): void {
    const near = new Set(this.#cells(view, screen, KEPT_AROUND).map(String));
    for (const [key, tile] of this.#tiles) {
      if (near.has(key)) continue;
      tile.remove();
      this.#tiles.delete(key);
    }
  }

  remove(): void {
    this.#element.remove();
  }

  get #side(): number {
    return Math.round(SIDE * this.#ratio);
  }

  #cells({ x, y }: Viewport, { width, height }: Size, around: number): Cell[] {
    const more = around * this.#side;
    const seen = { x: -x - more, y: -y - more, w: width + 2 * more, h: height + 2 * more };
    return cellsOf(intersection(seen, this.#extent), this.#side);
  }

  #tile(cell: Cell): Tile {
    const known = this.#tiles.get(String(cell));
    if (known) return known;
    const [side, [column, row]] = [this.#side, cell];
    const css = side / this.#ratio;
    const tile = new Tile({ x: column * side, y: row * side, w: side, h: side }, (canvas) => {
      canvas.style.cssText = `position:absolute;left:${column * css}px;top:${row * css}px;width:${css}px;height:${css}px`;
      this.#element.append(canvas);
    });
    this.#tiles.set(String(cell), tile);
    return tile;
  }
}

type Cell = readonly [column: number, row: number];

function cellsOf(box: Box, side: number): Cell[] {
  if (!hasArea(box)) return [];
  const cells: Cell[] = [];
  for (let row = Math.floor(box.y / side); row * side < box.y + box.h; row++)
    for (let column = Math.floor(box.x / side); column * side < box.x + box.w; column++)
      cells.push([column, row]);
  return cells;
}
