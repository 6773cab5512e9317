import type { Box } from "../geometry/box";
import { canvasOf } from "./canvas";
import { Job } from "./Job";
import { drawRegion, type Projection, shapesWithin, weightOfAll } from "./region";
import type { Scene } from "./scene";
import { tidied } from "./stale";

/**
 * One square of the picture, on a canvas of its own once something lies there: most squares of most images are empty.
 * Places are in device pixels of its plane.
 */
export class Tile {
  readonly #place: Box;
  readonly #show: (canvas: HTMLCanvasElement) => void;
  #canvas: HTMLCanvasElement | null = null;
  /** Where it does not show what it should. */
  #stale: readonly Box[];
  /** What of that takes longer than a frame. */
  #job: Job | null = null;

  /** `show` puts the canvas on the page. */
  constructor(place: Box, show: (canvas: HTMLCanvasElement) => void) {
    this.#place = place;
    this.#show = show;
    this.#stale = [place];
  }

  get done(): boolean {
    return this.#stale.length === 0 && this.#job === null;
  }

  /** Something changed there. What is under way begins again, as it may show that. */
  outdate(regions: readonly Box[]): void {
    const changed = tidied(regions, this.#place);
    if (changed.length === 0) return;
    const again = this.#job ? [this.#job.region] : [];
    this.#job = null;
    this.#stale = tidied([...this.#stale, ...again, ...changed], this.#place);
  }

  /** Draws shapes of about the weight `room` where it is stale, and answers what they weigh. */
  draw({ shapes, style }: Scene, projection: Projection, room: number): number {
    const waiting: Box[] = [];
    let left = room;
    for (const region of this.#stale) {
      const within = shapesWithin(shapes, region, projection);
      if (within.length === 0 && !this.#canvas) continue;
      const weight = weightOfAll(within, projection);
      if (weight <= left) {
        const context = this.#context();
        if (context) drawRegion(context, { region, origin: this.#place, shapes: within, projection, style });
        left -= weight;
      } else if (this.#job) waiting.push(region);
      else this.#job = new Job(within, region, projection);
    }
    this.#stale = waiting;
    return room - left + this.#work(style, left);
  }

  remove(): void {
    this.#canvas?.remove();
  }

  #context(): CanvasRenderingContext2D | null {
    if (!this.#canvas) {
      this.#canvas = canvasOf({ width: this.#place.w, height: this.#place.h });
      this.#show(this.#canvas);
    }
    return this.#canvas.getContext("2d");
  }

  #work(style: Scene["style"], most: number): number {
    const job = this.#job;
    if (!job) return 0;
    const drawn = job.draw(most, style);
    if (!job.done) return drawn;
    const context = this.#context();
    if (context) job.putInPlace(context, this.#place);
    this.#job = null;
    return drawn;
  }
}
