import type { Box } from "../geometry/box";
import type { Size } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import type { Context } from "./draw";
import { Job } from "./Job";
import { FIRST_PACE, learnt, MOVING_MS, type Pace, RESTING_MS, roomFor } from "./pace";
import { drawRegion, type Projection, placeOf, shapesWithin, shift } from "./region";
import type { Scene, Shape } from "./scene";
import { bared, changedBoxes, movedBy, tidied } from "./stale";

/**
 * The annotations, of which there can be thousands. What is drawn stays: moving the view moves it and draws what comes
 * into sight, an edit draws anew only where something changed, and a frame draws no longer than a frame may take.
 */
export class ShapesLayer {
  readonly #canvas: HTMLCanvasElement;
  #scene: Scene | null = null;
  /** What the canvas shows, in device pixels: the view it was drawn for, moved by whole pixels since. */
  #view: Viewport = { scale: 1, x: 0, y: 0 };
  /** Where it shows that no longer. */
  #stale: readonly Box[] = [];
  /** What takes longer than a frame; of another scale than the canvas after zooming. */
  #job: Job | null = null;
  #pace: Pace = FIRST_PACE;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  show(scene: Scene, resting: boolean): boolean {
    const context = this.#canvas.getContext("2d");
    if (!context) return false;
    const view = viewOf(scene);
    const room = roomFor(this.#pace, resting ? RESTING_MS : MOVING_MS);
    this.#compare(scene);
    this.#follow(context, view, resting, room);
    const unfinished = this.#stale.length > 0 || this.#job !== null;
    if (unfinished) this.#learn(this.#draw(context, scene, room));
    this.#canvas.style.transform = transformBetween(this.#view, view);
    return unfinished;
  }

  /** Marks where the scene differs from the one before. */
  #compare(scene: Scene): void {
    const [before, size] = [this.#scene, sizeOf(scene)];
    this.#scene = scene;
    if (!before || this.#canvas.width !== size.width || this.#canvas.height !== size.height) {
      Object.assign(this.#canvas, size);
      this.#begin(viewOf(scene));
    } else if (before.style !== scene.style) this.#outdate([whole(size)]);
    else if (before.shapes !== scene.shapes) this.#outdate(this.#changed(before.shapes, scene.shapes));
  }

  #changed(before: readonly Shape[], after: readonly Shape[]): Box[] {
    return changedBoxes(before, after).map((box) => placeOf(box, projected(this.#view)));
  }

  /** What is under way begins again, as it may show what has changed. */
  #outdate(regions: readonly Box[]): void {
    const again = this.#job ? [this.#job.region] : [];
    this.#job = null;
    this.#stale = tidied([...this.#stale, ...again, ...regions], this.#canvas);
  }

  /** Everything is to be drawn, for this view. */
  #begin(view: Viewport): void {
    this.#view = view;
    this.#job = null;
    this.#stale = [whole(this.#canvas)];
  }

  /** Brings the picture to another view: moved as it is, or drawn anew once there is time for that. */
  #follow(context: Context, view: Viewport, resting: boolean, room: number): void {
    if (view.scale === this.#view.scale) this.#pan(context, view, resting);
    else if (this.#within(whole(this.#canvas), view).length <= room) this.#begin(view);
    else this.#zoom(view, resting);
  }

  #pan(context: Context, view: Viewport, resting: boolean): void {
    const by = { x: Math.round(view.x - this.#view.x), y: Math.round(view.y - this.#view.y) };
    const moved = { scale: view.scale, x: this.#view.x + by.x, y: this.#view.y + by.y };
    // Between two pixels the picture is blurred, which only shows when it rests.
    if (resting && Math.hypot(view.x - moved.x, view.y - moved.y) > 0.01) this.#begin(view);
    else if (by.x !== 0 || by.y !== 0) {
      shift(context, by);
      this.#view = moved;
      this.#job?.move(by);
      const stale = this.#stale.map((box) => movedBy(box, by));
      this.#stale = tidied([...stale, ...bared(by, this.#canvas)], this.#canvas);
    }
  }

  /** The picture is shown larger or smaller as it is, until another one is drawn. */
  #zoom(view: Viewport, resting: boolean): void {
    this.#stale = [];
    if (!resting) this.#job = null;
    else if (this.#job?.view.scale !== view.scale) this.#job = this.#jobFor(whole(this.#canvas), view);
  }

  /** Draws at most `room` shapes where something is stale, and answers how many. */
  #draw(context: Context, scene: Scene, room: number): number {
    const waiting: Box[] = [];
    let left = room;
    for (const region of this.#stale) {
      const shapes = this.#within(region, this.#view);
      if (shapes.length <= left) {
        drawRegion(context, region, shapes, projected(this.#view), scene.style);
        left -= shapes.length;
      } else if (this.#job) waiting.push(region);
      else this.#job = new Job(shapes, region, projected(this.#view));
    }
    this.#stale = waiting;
    return room - left + this.#work(context, scene, left);
  }

  #work(context: Context, scene: Scene, most: number): number {
    const job = this.#job;
    if (!job) return 0;
    const drawn = job.draw(most, scene.style);
    if (job.done) {
      job.putInPlace(context);
      this.#view = job.view;
      this.#job = null;
    }
    return drawn;
  }

  #jobFor(region: Box, view: Viewport): Job {
    return new Job(this.#within(region, view), region, projected(view));
  }

  #within(region: Box, view: Viewport): readonly Shape[] {
    return shapesWithin(this.#scene?.shapes ?? [], region, projected(view));
  }

  /** A task that is asked for while drawing comes when the frame is painted. */
  #learn(shapes: number): void {
    const start = performance.now();
    setTimeout(() => {
      this.#pace = learnt(this.#pace, shapes, performance.now() - start);
    });
  }
}

const whole = ({ width, height }: Size): Box => ({ x: 0, y: 0, w: width, h: height });

const sizeOf = ({ screen }: Scene): Size => ({
  width: Math.round(screen.width * window.devicePixelRatio),
  height: Math.round(screen.height * window.devicePixelRatio),
});

function viewOf({ viewport: { scale, x, y } }: Scene): Viewport {
  const ratio = window.devicePixelRatio;
  return { scale: scale * ratio, x: x * ratio, y: y * ratio };
}

const projected = (view: Viewport): Projection => ({ view, ratio: window.devicePixelRatio });

/** What shows a picture of one view as it is in another. */
function transformBetween(from: Viewport, to: Viewport): string {
  const scale = to.scale / from.scale;
  const [x, y] = [
    (to.x - from.x * scale) / window.devicePixelRatio,
    (to.y - from.y * scale) / window.devicePixelRatio,
  ];
  return scale === 1 && x === 0 && y === 0 ? "" : `matrix(${scale},0,0,${scale},${x},${y})`;
}
