import type { Viewport } from "../geometry/viewport";
import { drawPhoto } from "./draw";
import { drawOverlay } from "./overlay";
import { PlainLayer } from "./PlainLayer";
import { drawProposals } from "./proposals";
import { ShapesLayer } from "./ShapesLayer";
import type { Scene } from "./scene";

interface Layer {
  /** Shows as much of a scene as a frame allows; whether more is to be drawn. `resting`: nobody moves the view. */
  show(scene: Scene, resting: boolean): boolean;
}

/** From below to above; each makes its layer on a canvas of its own. */
const LAYERS: readonly ((canvas: HTMLCanvasElement) => Layer)[] = [
  (canvas) =>
    new PlainLayer(canvas, { draw: drawPhoto, parts: ["screen", "viewport", "photo", "photoVersion"] }),
  (canvas) =>
    new PlainLayer(canvas, {
      draw: drawProposals,
      parts: ["screen", "viewport", "proposals"],
      many: "proposals",
    }),
  (canvas) => new ShapesLayer(canvas),
  (canvas) =>
    new PlainLayer(canvas, { draw: drawOverlay, parts: ["screen", "viewport", "overlay", "style"] }),
];

/** Milliseconds without a move of the view after which it rests. */
const SETTLED_AFTER = 120;

/** Draws scenes on canvases stacked in `host`, at most once a frame and only what changed. */
export class Renderer {
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #layers: readonly Layer[];
  #next: Scene | null = null;
  #viewport: Viewport | null = null;
  #frame = 0;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement) {
    this.#canvases = LAYERS.map(() => {
      const canvas = document.createElement("canvas");
      canvas.style.cssText =
        "position:absolute;inset:0;width:100%;height:100%;pointer-events:none;transform-origin:0 0";
      host.append(canvas);
      return canvas;
    });
    this.#layers = this.#canvases.flatMap((canvas, i) => LAYERS[i]?.(canvas) ?? []);
  }

  show(scene: Scene): void {
    this.#next = scene;
    this.#askForFrame();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settling);
    for (const canvas of this.#canvases) canvas.remove();
  }

  #askForFrame(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const scene = this.#next;
    if (!scene) return;
    if (this.#viewport && this.#viewport !== scene.viewport) this.#settle();
    this.#viewport = scene.viewport;
    // The photograph's layer is the lowest one; the masks above it keep their colours.
    if (this.#canvases[0]) this.#canvases[0].style.filter = scene.photoFilter;
    const unfinished = this.#layers.filter((layer) => layer.show(scene, this.#settling === undefined));
    if (unfinished.length > 0) this.#askForFrame();
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      this.#askForFrame();
    }, SETTLED_AFTER);
  }
}
