import { drawOverlay, drawPhoto, drawShapes } from "./draw";
import type { Scene } from "./scene";

type Draw = (context: CanvasRenderingContext2D, scene: Scene, ratio: number) => void;

interface Layer {
  readonly draw: Draw;
  /** The parts of the scene that this layer shows; it is drawn again when one of them is another object. */
  readonly parts: readonly (keyof Scene)[];
}

const LAYERS: readonly Layer[] = [
  { draw: drawPhoto, parts: ["screen", "viewport", "photo"] },
  { draw: drawShapes, parts: ["screen", "viewport", "shapes"] },
  { draw: drawOverlay, parts: ["screen", "viewport", "overlay"] },
];

/** Draws scenes on canvases stacked in `host`, at most once a frame and only the layers that changed. */
export class Renderer {
  readonly #canvases: readonly HTMLCanvasElement[];
  #drawn: (Scene | null)[] = LAYERS.map(() => null);
  #next: Scene | null = null;
  #frame = 0;

  constructor(host: HTMLElement) {
    this.#canvases = LAYERS.map(() => {
      const canvas = document.createElement("canvas");
      canvas.style.cssText = "position:absolute;inset:0;width:100%;height:100%;pointer-events:none";
      host.append(canvas);
      return canvas;
    });
  }

  show(scene: Scene): void {
    this.#next = scene;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    for (const canvas of this.#canvases) canvas.remove();
  }

  #draw(): void {
    this.#frame = 0;
    const scene = this.#next;
    if (!scene) return;
    LAYERS.forEach(({ draw, parts }, i) => {
      const before = this.#drawn[i];
      if (before && parts.every((part) => before[part] === scene[part])) return;
      this.#drawn[i] = scene;
      const context = this.#clear(this.#canvases[i], scene);
      if (context) draw(context, scene, window.devicePixelRatio);
    });
  }

  #clear(canvas: HTMLCanvasElement | undefined, { screen }: Scene): CanvasRenderingContext2D | null {
    if (!canvas) return null;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(screen.width * ratio), Math.round(screen.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, width, height);
    return context;
  }
}
