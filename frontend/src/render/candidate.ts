import type { Box } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import { canvasOf } from "./canvas";
import { type Context, strokeWithHalo } from "./draw";
import { edgeOfMask } from "./edges";

interface Look {
  readonly box: Box;
  readonly colour: string;
  /** CSS pixels an image pixel. */
  readonly scale: number;
  readonly opacity: number;
}

/** Light, since what lies under a candidate tells whether it is right. */
export const OPACITY = { ready: 0.18, pending: 0.09 } as const;
/** Its edge with its halo, in CSS pixels. */
const MARGIN = 4;
/** Device pixels beyond which a picture costs more memory than the drawing costs time. */
const LARGEST = 4e6;

interface Picture {
  readonly key: string;
  readonly canvas: HTMLCanvasElement;
}

const pictures = new WeakMap<Rle, Picture>();

/** Draws a mask that could be kept, in image pixels: from a picture of it, so that going through them takes no time. */
export function drawMask(context: Context, rle: Rle, look: Look): void {
  const picture = pictureOf(rle, look);
  if (picture) place(context, picture, look);
  else paint(context, rle, look);
}

function place(context: Context, { canvas }: Picture, { box, scale }: Look): void {
  const [margin, pixel] = [MARGIN / scale, scale * window.devicePixelRatio];
  const [x, y] = [box.x - margin, box.y - margin];
  context.drawImage(canvas, x, y, canvas.width / pixel, canvas.height / pixel);
}

/** Makes what `drawMask` draws, now and not when it is first shown: canvas calls wait until somebody needs the pixels. */
export function drawAhead(rle: Rle, look: Look): void {
  pictureOf(rle, look)?.canvas.getContext("2d")?.getImageData(0, 0, 1, 1);
}

/** The picture that is there, or is made; null where it would be too large. */
function pictureOf(rle: Rle, look: Look): Picture | null {
  const { box, scale } = look;
  const key = JSON.stringify(look);
  const known = pictures.get(rle);
  if (known?.key === key) return known;
  const [margin, pixel] = [MARGIN / scale, scale * window.devicePixelRatio];
  const side = (length: number) => Math.ceil((length + 2 * margin) * pixel);
  const size = { width: side(box.w), height: side(box.h) };
  if (size.width * size.height > LARGEST) return null;
  const picture = { key, canvas: canvasOf(size) };
  const context = picture.canvas.getContext("2d");
  context?.setTransform(pixel, 0, 0, pixel, (margin - box.x) * pixel, (margin - box.y) * pixel);
  if (context) paint(context, rle, look);
  pictures.set(rle, picture);
  return picture;
}

function paint(context: Context, rle: Rle, { box, colour, scale, opacity }: Look): void {
  const edge = edgeOfMask(rle, box, scale * window.devicePixelRatio);
  context.globalAlpha = opacity;
  context.fillStyle = colour;
  context.fill(edge, "evenodd");
  context.globalAlpha = 1;
  strokeWithHalo(context, edge, colour, 3 / scale, 1 / scale);
}
