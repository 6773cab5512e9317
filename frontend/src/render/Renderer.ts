import { drawPhoto, drawShapes } from "./draw";
import { drawOverlay } from "./overlay";
import { drawProposals } from "./proposals";
import type { Scene } from "./scene";

type Draw = (context: CanvasRenderingContext2D, scene: Scene, ratio: number) => void;

interface Layer {
  readonly draw: Draw;
  /** The parts of the scene that this layer shows; it is drawn again when one of them is another object. */
  readonly parts: readonly (keyof Scene)[];
  /** Of what there can be so many that drawing them takes long. */
  readonly many?: "proposals" | "shapes";
}

const LAYERS: readonly Layer[] = [
  { draw: drawPhoto, parts: ["screen", "viewport", "photo"] },
  { draw: drawProposals, parts: ["screen", "viewport", "proposals"], many: "proposals" },
  { draw: drawShapes, parts: ["screen", "viewport", "shapes", "style"], many: "shapes" },
  { draw: drawOverlay, parts: ["screen", "viewport", "overlay", "style"] },
];

/** With more of them than this, moving the view moves the drawn picture first and draws it anew after a moment. */
const MANY = 40;
const SETTLED_AFTER = 120;

/** Draws scenes on canvases stacked in `host`, at most once a frame and only the layers that changed. */
export class Renderer {
  readonly #canvases: readonly HTMLCanvasElement[];
  #drawn: (Scene | null)[] = LAYERS.map(() => null);
  #next: Scene | null = null;
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
  }

  show(scene: Scene): void {
    this.#next = scene;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settling);
    for (const canvas of this.#canvases) canvas.remove();
  }

  #draw(): void {
    this.#frame = 0;
    const scene = this.#next;
    if (!scene) return;
    // The photograph's layer is the lowest one; the masks above it keep their colours.
    if (this.#canvases[0]) this.#canvases[0].style.filter = scene.photoFilter;
    this.#canvases.forEach((canvas, i) => {
      const layer = LAYERS[i];
      const before = this.#drawn[i];
      if (!layer || (before && same(before, scene, layer.parts))) return;
      if (before && onlyMoved(before, scene, layer)) this.#move(canvas, before, scene);
      else this.#drawLayer(i, canvas, layer, scene);
    });
  }

  /** Shows what was drawn for another view, moved and scaled to this one, until the view rests. */
  #move(canvas: HTMLCanvasElement, before: Scene, scene: Scene): void {
    const ratio = scene.viewport.scale / before.viewport.scale;
    const x = scene.viewport.x - before.viewport.x * ratio;
    const y = scene.viewport.y - before.viewport.y * ratio;
    canvas.style.transform = `matrix(${ratio},0,0,${ratio},${x},${y})`;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#drawAll(), SETTLED_AFTER);
  }

  #drawAll(): void {
    const scene = this.#next;
    if (!scene) return;
    this.#drawn = LAYERS.map(() => null);
    this.show(scene);
  }

  #drawLayer(i: number, canvas: HTMLCanvasElement, layer: Layer, scene: Scene): void {
    this.#drawn[i] = scene;
    canvas.style.transform = "";
    const context = cleared(canvas, scene);
    if (context) layer.draw(context, scene, window.devicePixelRatio);
  }
}

const same = (a: Scene, b: Scene, parts: Layer["parts"]): boolean =>
  parts.every((part) => a[part] === b[part]);

const onlyMoved = (before: Scene, scene: Scene, { parts, many }: Layer): boolean =>
  many !== undefined &&
  scene[many].length > MANY &&
  same(
    before,
    scene,
    parts.filter((part) => part !== "viewport"),
  );

function cleared(canvas: HTMLCanvasElement, { screen }: Scene): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(screen.width * ratio), Math.round(screen.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context?.setTransform(1, 0, 0, 1, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}
