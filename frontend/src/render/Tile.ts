import type { Box } from "../geometry/box";
import { canvasOf } from "./canvas";
import { Job } from "./Job";
import { drawRegion, type Projection, shapesWithin, weightOfAll } from "./region";
import type { Scene } from "./scene";
import { tidied } from "./stale";

/** One square of the picture, on a canvas of its own. Places are in device pixels of its plane. */
export class Tile {
  readonly canvas: HTMLCanvasElement;
  readonly #place: Box;
  /** Where it does not show what it should. */
  #stale: readonly Box[];
  /** What of that takes longer than a frame. */
  #job: Job | null = null;

  constructor(place: Box) {
    this.#place = place;
    this.canvas = canvasOf({ width: place.w, height: place.h });
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
    const context = this.canvas.getContext("2d");
    if (!context) return 0;
    const waiting: Box[] = [];
    let left = room;
    for (const region of this.#stale) {
      const within = shapesWithin(shapes, region, projection);
      const weight = weightOfAll(within, projection);
      if (weight <= left) {
        drawRegion(context, { region, origin: this.#place, shapes: within, projection, style });
        left -= weight;
      } else if (this.#job) waiting.push(region);
      else this.#job = new Job(within, region, projection);
    }
    this.#stale = waiting;
    return room - left + this.#work(context, style, left);
  }

  #work(context: CanvasRenderingContext2D, style: Scene["style"], most: number): number {
    const job = this.#job;
    if (!job) return 0;
    const drawn = job.draw(most, style);
    if (job.done) {
      job.putInPlace(context, this.#place);
      this.#job = null;
    }
    return drawn;
  }
}
