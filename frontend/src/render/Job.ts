import type { Box } from "../geometry/box";
import { canvasOf } from "./canvas";
import type { Context } from "./draw";
import { drawShapes, type Projection, weightOf } from "./region";
import type { Scene, Shape } from "./scene";

/** A part of the picture that takes several frames. It is drawn aside, and put in place when it is whole. */
export class Job {
  readonly region: Box;
  readonly #projection: Projection;
  readonly #shapes: readonly Shape[];
  readonly #aside: Context | null;
  #drawn = 0;

  /** `region` is where it goes, in the pixels that `projection` leads to. */
  constructor(shapes: readonly Shape[], region: Box, projection: Projection) {
    this.region = region;
    this.#shapes = shapes;
    this.#projection = projection;
    this.#aside = canvasOf({ width: region.w, height: region.h }).getContext("2d");
  }

  get done(): boolean {
    return this.#drawn >= this.#shapes.length;
  }

  /** Draws further shapes, at least one, of about this weight together; answers what they weigh. */
  draw(most: number, style: Scene["style"]): number {
    const begin = this.#drawn;
    let weight = 0;
    do {
      const shape = this.#shapes[this.#drawn];
      if (shape) weight += weightOf(shape, this.#projection);
      this.#drawn++;
    } while (weight < most && !this.done);
    const next = this.#shapes.slice(begin, this.#drawn);
    if (this.#aside) drawShapes(this.#aside, next, this.#projection, this.region, style);
    return weight;
  }

  /** Puts it on a canvas whose top left pixel is `origin`. */
  putInPlace(context: Context, origin: Pick<Box, "x" | "y">): void {
    const { x, y, w, h } = this.region;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(x - origin.x, y - origin.y, w, h);
    if (this.#aside) context.drawImage(this.#aside.canvas, x - origin.x, y - origin.y);
  }
}
