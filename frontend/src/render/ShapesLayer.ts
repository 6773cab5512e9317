import type { Size } from "../geometry/vector";
import type { Viewport } from "../geometry/viewport";
import { Plane } from "./Plane";
import {
  AHEAD_MS,
  AWAITED_MS,
  FIRST_MS,
  FIRST_PACE,
  learnt,
  MOVING_MS,
  type Pace,
  RESTING_MS,
  roomFor,
} from "./pace";
import { shapesWithin, weightOfAll } from "./region";
import type { Scene } from "./scene";
import { changedBoxes } from "./stale";
import type { Tile } from "./Tile";

/** Planes that are kept, as people go to and fro between a part of the image and the whole. */
const PLANES = 3;
/** Shown so many times larger or smaller, edges look wrong. */
const COARSE = 1.4;

/**
 * The annotations, of which there can be thousands. What is drawn stays: moving the view moves it and draws what comes
 * into sight, an edit draws anew only where something changed, and a frame draws no longer than a frame may take.
 */
export class ShapesLayer {
  readonly #host: HTMLElement;
  #scene: Scene | null = null;
  /** The one that is seen first; another one takes its place when all that is in sight is drawn on it. */
  #planes: readonly Plane[] = [];
  #pace: Pace = FIRST_PACE;
  /** Whether the first picture is there. */
  #begun = false;
  /** Whether the first frame with anything to draw was shown. */
  #opened = false;
  /** Whether somebody waits for what was changed. */
  #awaited = false;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  show(scene: Scene, resting: boolean): boolean {
    this.#compare(scene);
    this.#scene = scene;
    const view = viewOf(scene);
    const plane = this.#planeFor(view, resting);
    const unfinished = plane !== undefined && this.#draw(plane, view, resting);
    this.#planes[0]?.show(view);
    return unfinished;
  }

  /** Marks where the scene differs from the one before. */
  #compare(scene: Scene): void {
    const before = this.#scene;
    if (!before) return;
    if (before.style !== scene.style) for (const plane of this.#planes) plane.outdateAll();
    if (before.shapes === scene.shapes) return;
    const changed = changedBoxes(before.shapes, scene.shapes);
    for (const plane of this.#planes) plane.outdate(changed);
    this.#awaited ||= changed.length > 0;
  }

  /** Where this view is drawn; none while people zoom, when what there is is shown larger or smaller. */
  #planeFor(view: Viewport, resting: boolean): Plane | undefined {
    const known = this.#planes.find((plane) => plane.fits(view));
    if (known || !(resting || this.#isWorthIt(view))) return known;
    const made = new Plane(this.#host, view.scale, this.#scene?.image ?? { width: 0, height: 0 });
    const [seen, ...others] = this.#planes;
    this.#planes = seen ? [seen, made, ...others] : [made];
    for (const old of this.#planes.slice(PLANES)) old.remove();
    this.#planes = this.#planes.slice(0, PLANES);
    return made;
  }

  /** Whether to draw anew while people zoom: what there is looks coarse by now, and all of it fits in a frame. */
  #isWorthIt(view: Viewport): boolean {
    const [seen] = this.#planes;
    if (!seen) return true;
    const stretch = Math.max(view.scale / seen.scale, seen.scale / view.scale);
    return stretch > COARSE && this.#inSight(view) <= roomFor(this.#pace, MOVING_MS);
  }

  /** Draws what a frame allows of a plane, what is in sight first; whether there is more to be drawn. */
  #draw(plane: Plane, view: Viewport, resting: boolean): boolean {
    const size = sizeOf(this.#scene);
    const room = roomFor(this.#pace, this.#budget(resting));
    if (this.#letsPhotoGoFirst(view, room)) return true;
    const seen = plane.tiles(view, size);
    const drawn = this.#fill(plane, seen, room);
    if (drawn > 0) this.#learn(drawn);
    if (!seen.every(({ done }) => done)) return true;
    this.#reveal(plane);
    this.#begun ||= this.#hasShapes;
    this.#awaited = false;
    return drawn > 0 || this.#drawAhead(plane, view, resting);
  }

  /** The first frame is the photograph's alone, where the masks would hold it up. */
  #letsPhotoGoFirst(view: Viewport, room: number): boolean {
    if (this.#opened || !this.#hasShapes) return false;
    this.#opened = true;
    return this.#inSight(view) > room;
  }

  /** What will come into sight with the next move, also between the moves of a long one. */
  #drawAhead(plane: Plane, view: Viewport, resting: boolean): boolean {
    const size = sizeOf(this.#scene);
    if (resting) plane.tidy(view, size);
    const around = plane.tiles(view, size, 1);
    const drawn = this.#fill(plane, around, roomFor(this.#pace, AHEAD_MS));
    if (drawn > 0) this.#learn(drawn);
    return !around.every(({ done }) => done);
  }

  #fill(plane: Plane, tiles: readonly Tile[], room: number): number {
    const scene = this.#scene;
    let left = room;
    for (const tile of tiles) {
      if (left <= 0 || !scene) break;
      if (!tile.done) left -= tile.draw(scene, plane.projection, left);
    }
    return room - left;
  }

  #reveal(plane: Plane): void {
    if (this.#planes[0] === plane) return;
    this.#planes[0]?.show(null);
    this.#planes = [plane, ...this.#planes.filter((other) => other !== plane)];
  }

  /** Milliseconds that a frame may take. */
  #budget(resting: boolean): number {
    if (!resting) return MOVING_MS;
    if (!this.#begun && this.#opened) return FIRST_MS;
    return this.#awaited ? AWAITED_MS : RESTING_MS;
  }

  get #hasShapes(): boolean {
    return this.#scene !== null && this.#scene.shapes.length > 0;
  }

  /** What all that is in sight weighs. */
  #inSight({ scale, x, y }: Viewport): number {
    const { width, height } = sizeOf(this.#scene);
    const projection = { view: { scale, x: 0, y: 0 }, ratio: window.devicePixelRatio };
    const region = { x: -x, y: -y, w: width, h: height };
    return weightOfAll(shapesWithin(this.#scene?.shapes ?? [], region, projection), projection);
  }

  /** A task that is asked for while drawing comes when the frame is painted. */
  #learn(weight: number): void {
    const start = performance.now();
    setTimeout(() => {
      this.#pace = learnt(this.#pace, weight, performance.now() - start);
    });
  }
}

const sizeOf = (scene: Scene | null): Size => ({
  width: Math.round((scene?.screen.width ?? 0) * window.devicePixelRatio),
  height: Math.round((scene?.screen.height ?? 0) * window.devicePixelRatio),
});

function viewOf({ viewport: { scale, x, y } }: Scene): Viewport {
  const ratio = window.devicePixelRatio;
  return { scale: scale * ratio, x: x * ratio, y: y * ratio };
}
