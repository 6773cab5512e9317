import type { Viewport } from "../geometry/viewport";
import { drawPhoto } from "./draw";
import { drawOverlay } from "./overlay";
import { PlainLayer } from "./PlainLayer";
import { drawProposals } from "./proposals";
import { ShapesLayer } from "./ShapesLayer";
import { isEmpty, type Scene } from "./scene";

interface Layer {
  /** Shows as much of a scene as a frame allows; whether more is to be drawn. `resting`: nobody moves the view. */
  show(scene: Scene, resting: boolean): boolean;
}

/** From below to above; each makes its layer in a place of its own. */
const LAYERS: readonly ((place: HTMLElement) => Layer)[] = [
  (place) =>
    new PlainLayer(place, {
      draw: drawPhoto,
      empty: ({ photo }) => photo === null,
      parts: ["screen", "viewport", "photo", "photoVersion"],
      refined: true,
    }),
  (place) =>
    new PlainLayer(place, {
      draw: drawProposals,
      empty: ({ proposals }) => proposals.length === 0,
      parts: ["screen", "viewport", "proposals"],
      many: "proposals",
    }),
  (place) => new ShapesLayer(place),
  (place) =>
    new PlainLayer(place, {
      draw: drawOverlay,
      empty: ({ overlay }) => isEmpty(overlay),
      parts: ["screen", "viewport", "overlay", "style"],
    }),
];

/** Milliseconds without a move of the view after which it rests. */
const SETTLED_AFTER = 120;

/** Draws scenes on canvases stacked in `host`, at most once a frame and only what changed. */
export class Renderer {
  readonly #places: readonly HTMLElement[];
  readonly #layers: readonly Layer[];
  #next: Scene | null = null;
  #viewport: Viewport | null = null;
  /** The same on whole pixels of the screen. */
  #snapped: Viewport = { scale: 1, x: 0, y: 0 };
  #frame = 0;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement) {
    this.#places = LAYERS.map(() => {
      const place = document.createElement("div");
      place.style.cssText = "position:absolute;inset:0;pointer-events:none";
      host.append(place);
      return place;
    });
    this.#layers = this.#places.flatMap((place, i) => LAYERS[i]?.(place) ?? []);
  }

  show(scene: Scene): void {
    this.#next = scene;
    this.#askForFrame();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settling);
    for (const place of this.#places) place.remove();
  }

  #askForFrame(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    // Before the page is laid out, what was drawn would be of a view that nobody sees.
    if (!this.#next || this.#next.screen.width * this.#next.screen.height === 0) return;
    const scene = { ...this.#next, viewport: this.#follow(this.#next.viewport) };
    // The photograph's layer is the lowest one; the masks above it keep their colours.
    if (this.#places[0]) this.#places[0].style.filter = scene.photoFilter;
    const unfinished = this.#layers.filter((layer) => layer.show(scene, this.#settling === undefined));
    if (unfinished.length > 0) this.#askForFrame();
  }

  /** What is drawn stays sharp where it is moved by whole pixels of the screen. */
  #follow(viewport: Viewport): Viewport {
    if (this.#viewport === viewport) return this.#snapped;
    if (this.#viewport) this.#settle();
    this.#viewport = viewport;
    const snap = (value: number) => Math.round(value * window.devicePixelRatio) / window.devicePixelRatio;
    this.#snapped = { scale: viewport.scale, x: snap(viewport.x), y: snap(viewport.y) };
    return this.#snapped;
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      this.#askForFrame();
    }, SETTLED_AFTER);
  }
}
