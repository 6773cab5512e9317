import type { Hints } from "./draw";
import type { Scene } from "./scene";

export interface Plain {
  readonly draw: (context: CanvasRenderingContext2D, scene: Scene, hints: Hints) => void;
  /** Whether a scene has nothing for this layer: then nothing is drawn, and the browser has one layer less to show. */
  readonly empty: (scene: Scene) => boolean;
  /** The parts of the scene that this layer shows; it is drawn again when one of them is another object. */
  readonly parts: readonly (keyof Scene)[];
  /** Whether it is drawn roughly at first and while people zoom, and anew when the view rests. */
  readonly refined?: true;
  /** Of what there can be so many that drawing them takes long. */
  readonly many?: "proposals";
}

/** With more of them than this, moving the view moves the drawn picture first and draws it anew when the view rests. */
const MANY = 40;

/** A layer that is drawn in one go, when something of it has changed. */
export class PlainLayer {
  readonly #canvas = document.createElement("canvas");
  readonly #plain: Plain;
  #drawn: Scene | null = null;
  /** What is seen is to be drawn anew when the view rests. */
  #rough = false;
  /** Nothing of it was seen yet. */
  #blank = true;

  constructor(host: HTMLElement, plain: Plain) {
    this.#canvas.style.cssText = "position:absolute;inset:0;width:100%;height:100%;transform-origin:0 0";
    this.#plain = plain;
    host.append(this.#canvas);
  }

  show(scene: Scene, resting: boolean): boolean {
    const before = this.#drawn;
    const fine = !this.#rough || !resting;
    if (before && fine && same(before, scene, this.#plain.parts)) return false;
    const empty = this.#plain.empty(scene);
    this.#canvas.hidden = empty;
    if (empty) this.#leave(scene);
    else if (before && !resting && onlyMoved(before, scene, this.#plain)) this.#move(before, scene);
    else this.#draw(scene, resting);
    return resting && this.#rough;
  }

  #leave(scene: Scene): void {
    this.#drawn = scene;
    this.#blank = true;
  }

  /** Shows what was drawn for another view, moved and scaled to this one. */
  #move(before: Scene, scene: Scene): void {
    const ratio = scene.viewport.scale / before.viewport.scale;
    const x = scene.viewport.x - before.viewport.x * ratio;
    const y = scene.viewport.y - before.viewport.y * ratio;
    this.#canvas.style.transform = `matrix(${ratio},0,0,${ratio},${x},${y})`;
  }

  #draw(scene: Scene, resting: boolean): void {
    const zoomed = this.#drawn !== null && this.#drawn.viewport.scale !== scene.viewport.scale;
    const moving = !resting && (this.#rough || zoomed);
    this.#rough = this.#plain.refined === true && (moving || this.#blank);
    this.#blank = false;
    this.#drawn = scene;
    this.#canvas.style.transform = "";
    const context = cleared(this.#canvas, scene);
    if (context) this.#plain.draw(context, scene, { ratio: window.devicePixelRatio, rough: this.#rough });
  }
}

const same = (a: Scene, b: Scene, parts: Plain["parts"]): boolean =>
  parts.every((part) => a[part] === b[part]);

const onlyMoved = (before: Scene, scene: Scene, { parts, many }: Plain): boolean =>
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
