import type { Box } from "../geometry/box";
import type { Size, Vector } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import type { Context } from "./draw";
import { drawShapes, type Projection } from "./region";
import type { Scene, Shape } from "./scene";
import { movedBy } from "./stale";

/** A part of the picture that takes several frames. It is drawn aside, and put in place when it is whole. */
export class Job {
  #region: Box;
  #projection: Projection;
  readonly #shapes: readonly Shape[];
  readonly #aside: Context | null;
  #drawn = 0;

  /** `region` is where it goes, in pixels of the screen. */
  constructor(shapes: readonly Shape[], region: Box, projection: Projection) {
    this.#shapes = shapes;
    this.#region = region;
    this.#projection = projection;
    this.#aside = canvasOf({ width: region.w, height: region.h }).getContext("2d");
  }

  get region(): Box {
    return this.#region;
  }

  get view(): Viewport {
    return this.#projection.view;
  }

  get done(): boolean {
    return this.#drawn >= this.#shapes.length;
  }

  /** The view was moved by whole pixels, and what is drawn moves along. */
  move(by: Vector): void {
    const { view, ratio } = this.#projection;
    this.#region = movedBy(this.#region, by);
    this.#projection = { view: { scale: view.scale, x: view.x + by.x, y: view.y + by.y }, ratio };
  }

  /** Draws as many further shapes; answers how many there were. */
  draw(most: number, style: Scene["style"]): number {
    const next = this.#shapes.slice(this.#drawn, this.#drawn + most);
    if (this.#aside) drawShapes(this.#aside, next, this.#projection, this.#region, style);
    this.#drawn += next.length;
    return next.length;
  }

  putInPlace(context: Context): void {
    const { x, y, w, h } = this.#region;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(x, y, w, h);
    if (this.#aside) context.drawImage(this.#aside.canvas, x, y);
  }
}

function canvasOf(size: Size): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  return Object.assign(canvas, size);
}
