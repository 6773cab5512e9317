import { fromCorners, fromXywh } from "../geometry/box";
import type { Stroke } from "../geometry/stroke";
import type { Vector } from "../geometry/vector";
import { toScreen, type Viewport } from "../geometry/viewport";
import type { PromptPoint } from "../model/annotation";
import { drawMask, OPACITY } from "./candidate";
import { type Context, drawEmphasis, drawShape, type Hints, strokeWithHalo, toImageSpace } from "./draw";
import { boxPath } from "./edges";
import { bitmapOf } from "./maskBitmap";
import { drawLit } from "./proposals";
import type { Overlay, Scene, StrokeOverlay } from "./scene";
import { hasArea } from "./stale";

const POINT_COLOUR = { 1: "#2b8a3e", 0: "#c92a2a" } as const;
const POINT_RADIUS = 8;
const HELD = "#4dabf7";

export function drawOverlay(context: Context, scene: Scene, { ratio }: Hints): void {
  const { overlay, viewport } = scene;
  toImageSpace(context, viewport, ratio);
  if (overlay.stroke) drawStroke(context, overlay.stroke, overlay.colour);
  toImageSpace(context, viewport, ratio);
  drawCandidate(context, overlay, viewport.scale);
  drawLit(context, overlay.lit, overlay.colour, viewport.scale);
  for (const shape of overlay.emphasised) drawEmphasis(context, shape, viewport.scale);
  for (const shape of overlay.shapes) drawShape(context, shape, viewport.scale, scene.style);
  if (overlay.line) drawLine(context, overlay.line, overlay.colour, viewport.scale);
  if (overlay.box) {
    const box = boxPath(fromCorners(overlay.box));
    strokeWithHalo(context, box, "#ffffff", 1.5 / viewport.scale, 1 / viewport.scale);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const point of overlay.points) drawPoint(context, point, point === overlay.handle, viewport);
  for (const at of [...overlay.handles, ...(overlay.line?.points ?? [])])
    drawHandle(
      context,
      at,
      at === overlay.handle || (overlay.line?.closes && at === overlay.line.points[0]),
      viewport,
    );
  if (overlay.ring) drawRing(context, overlay.ring, viewport);
  if (overlay.crosshair) drawCrosshair(context, overlay.crosshair, viewport);
}

const ARM = 22;
const GAP = 4;

/** Four arms around the place itself, which stays free to be looked at. */
function drawCrosshair(context: Context, at: Vector, viewport: Viewport): void {
  const { x, y } = toScreen(viewport, at);
  const cross = new Path2D();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    cross.moveTo(x + dx * GAP, y + dy * GAP);
    cross.lineTo(x + dx * ARM, y + dy * ARM);
  }
  strokeWithHalo(context, cross, "#ffffff", 2, 1.5);
}

/** The mask as it will be. Opaque first and thinned at once in the end, so that nothing shows twice as dense. */
function drawStroke(context: Context, { mask, erases, ...stroke }: StrokeOverlay, colour: string): void {
  if (mask && mask.w > 0) context.drawImage(bitmapOf(mask, colour), mask.x, mask.y);
  context.globalCompositeOperation = erases ? "destination-out" : "source-over";
  if (stroke.tip === "round") strokeRound(context, stroke, colour);
  else fillSquares(context, stroke, colour);
  context.globalCompositeOperation = "destination-in";
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "rgba(0, 0, 0, 0.5)";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.globalCompositeOperation = "source-over";
}

function strokeRound(context: Context, { points, radius }: Stroke, colour: string): void {
  const [first] = points;
  if (!first) return;
  context.beginPath();
  context.moveTo(first.x, first.y);
  // A line without length would leave no dot.
  context.lineTo(first.x + 1e-3, first.y);
  for (const { x, y } of points) context.lineTo(x, y);
  Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: 2 * radius, strokeStyle: colour });
  context.stroke();
}

/** What an upright square passes over from each point to the next: a hexagon. */
function fillSquares(context: Context, { points, radius }: Stroke, colour: string): void {
  context.beginPath();
  points.forEach((b, i) => {
    const a = points[i - 1] ?? b;
    const [h, v] = [b.x < a.x ? -radius : radius, b.y < a.y ? -radius : radius];
    context.moveTo(a.x - h, a.y - v);
    context.lineTo(a.x + h, a.y - v);
    context.lineTo(b.x + h, b.y - v);
    context.lineTo(b.x + h, b.y + v);
    context.lineTo(b.x - h, b.y + v);
    context.lineTo(a.x - h, a.y + v);
    context.closePath();
  });
  context.fillStyle = colour;
  context.fill();
}

function drawLine(
  context: Context,
  { points, at, closes }: NonNullable<Overlay["line"]>,
  colour: string,
  scale: number,
): void {
  const [first] = points;
  if (!first) return;
  const line = new Path2D();
  line.moveTo(first.x, first.y);
  for (const { x, y } of points) line.lineTo(x, y);
  if (closes) line.closePath();
  else if (at) line.lineTo(at.x, at.y);
  strokeWithHalo(context, line, colour, 2 / scale, 1 / scale);
}

const HANDLE = 4;

function drawHandle(context: Context, place: Vector, active: boolean | undefined, viewport: Viewport): void {
  const { x, y } = toScreen(viewport, place);
  const half = active ? HANDLE + 2 : HANDLE;
  const square = new Path2D();
  square.rect(x - half, y - half, 2 * half, 2 * half);
  context.fillStyle = active ? HELD : "#ffffff";
  strokeWithHalo(context, square, active ? "#ffffff" : "#000000", 1, 1);
  context.fill(square);
}

/** White between dark edges: seen on any photograph. */
function drawRing(
  context: Context,
  { at, radius, tip }: NonNullable<Overlay["ring"]>,
  viewport: Viewport,
): void {
  const { x, y } = toScreen(viewport, at);
  const ring = new Path2D();
  const half = Math.max(radius * viewport.scale, 2);
  if (tip === "round") ring.arc(x, y, half, 0, 2 * Math.PI);
  else ring.rect(x - half, y - half, 2 * half, 2 * half);
  strokeWithHalo(context, ring, "#ffffff", 1.5, 1);
}

function drawCandidate(context: Context, overlay: Overlay, scale: number): void {
  const { candidate, colour, pending } = overlay;
  if (!candidate) return;
  const box = fromXywh(candidate.bbox);
  if (hasArea(box))
    drawMask(context, candidate.segmentation, {
      box,
      colour,
      scale,
      opacity: pending ? OPACITY.pending : OPACITY.ready,
    });
}

function drawPoint(context: Context, point: PromptPoint, held: boolean, viewport: Viewport): void {
  const { x, y } = toScreen(viewport, point);
  const ring = new Path2D();
  ring.arc(x, y, POINT_RADIUS + 3, 0, 2 * Math.PI);
  if (held) strokeWithHalo(context, ring, HELD, 2, 1);
  context.beginPath();
  context.arc(x, y, POINT_RADIUS, 0, 2 * Math.PI);
  context.fillStyle = POINT_COLOUR[point.label];
  context.fill();
  const disc = new Path2D();
  disc.arc(x, y, POINT_RADIUS - 1, 0, 2 * Math.PI);
  strokeWithHalo(context, disc, "#ffffff", 2, 1);
  const sign = new Path2D();
  sign.moveTo(x - 3.5, y);
  sign.lineTo(x + 3.5, y);
  if (point.label === 1) {
    sign.moveTo(x, y - 3.5);
    sign.lineTo(x, y + 3.5);
  }
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2;
  context.stroke(sign);
}
