import type { Size } from "../geometry/vector";

/** A canvas that is on no page yet, of so many device pixels. */
export const canvasOf = (size: Size): HTMLCanvasElement =>
  Object.assign(document.createElement("canvas"), { width: size.width, height: size.height });
