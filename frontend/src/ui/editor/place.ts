import { type Box, overlaps } from "../../geometry/box";
import { clamp, type Size, type Vector } from "../../geometry/vector";

export type TrayLayout = "row" | "column";

export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly layout: TrayLayout;
}

const GAP = 16;
const EDGE = 8;
const CARD = { width: 108, height: 94 };
const HINTS = { width: 78, height: 74 };
const BETWEEN = 8;
const CORNER = 12;

/** How large the tray is with `count` candidates, before any of them has been drawn. */
export function traySize(count: number, layout: TrayLayout): Size {
  const along = (card: number) => count * card + count * BETWEEN;
  return layout === "row"
    ? { width: 2 * EDGE + along(CARD.width) + HINTS.width, height: 2 * EDGE + CARD.height }
    : { width: 2 * EDGE + CARD.width, height: 2 * EDGE + along(CARD.height) + HINTS.height };
}

/** Beside a box, on the side with the most room; in the corner that hides least of it where no side has enough. */
export function placeBeside(box: Box, size: Size, stage: Size): Vector {
  const [spot] = [...besides(box, size, "column", stage), ...corners(box, size, "column", stage)];
  return { x: Math.max(spot?.x ?? EDGE, EDGE), y: Math.max(spot?.y ?? EDGE, EDGE) };
}

interface Spot extends Placed {
  readonly size: Size;
}

/** The four places beside `box`, the one with the most room first, each as close to its middle as it can be. */
function besides(box: Box, size: Size, layout: TrayLayout, stage: Size): Spot[] {
  const x = clamp(box.x + box.w / 2 - size.width / 2, EDGE, stage.width - EDGE - size.width);
  const y = clamp(box.y + box.h / 2 - size.height / 2, EDGE, stage.height - EDGE - size.height);
  const [right, bottom] = [box.x + box.w, box.y + box.h];
  const spots = [
    { room: stage.width - right - size.width, x: right + GAP, y },
    { room: box.x - size.width, x: box.x - GAP - size.width, y },
    { room: stage.height - bottom - size.height, x, y: bottom + GAP },
    { room: box.y - size.height, x, y: box.y - GAP - size.height },
  ];
  return spots
    .filter(({ room }) => room >= GAP + EDGE)
    .sort((a, b) => b.room - a.room)
    .map((spot) => ({ x: spot.x, y: spot.y, layout, size }));
}

/** In the corners, for when there is no room beside the box: the one that covers least of it first. */
function corners(box: Box, size: Size, layout: TrayLayout, stage: Size): Spot[] {
  const xs = [stage.width - EDGE - size.width, EDGE];
  const ys = [stage.height - EDGE - size.height, EDGE];
  return xs
    .flatMap((x) => ys.map((y) => ({ x, y, layout, size })))
    .sort((a, b) => covered(a, box) - covered(b, box));
}

function covered({ x, y, size }: Spot, box: Box): number {
  const w = Math.min(x + size.width, box.x + box.w) - Math.max(x, box.x);
  const h = Math.min(y + size.height, box.y + box.h) - Math.max(y, box.y);
  return Math.max(w, 0) * Math.max(h, 0);
}

/** Where the small map of the image lies, in pixels of the canvas. */
export const placeMinimap = ({ width, height }: Size, stage: Size): Box => ({
  x: stage.width - CORNER - width,
  y: stage.height - CORNER - height,
  w: width,
  h: height,
});

/**
 * Where the tray goes, in pixels of the canvas: clear of the first of `boxes` that leaves room on any side, as
 * a row if it can. `boxes` go from "all candidates and points" to "the chosen one", so that the tray moves as
 * little as it can while people go through the candidates. What is `taken` is left free where there is another place.
 */
export function placeTray(
  boxes: readonly Box[],
  count: number,
  stage: Size,
  taken: Box | null = null,
): Placed {
  const layouts = (["row", "column"] as const).map((layout) => ({ layout, size: traySize(count, layout) }));
  const fitting = layouts.filter(({ size }) => size.width < stage.width && size.height < stage.height);
  const beside = boxes.flatMap((box) =>
    fitting.flatMap(({ size, layout }) => besides(box, size, layout, stage)),
  );
  const last = boxes.at(-1);
  const cornered = last ? layouts.flatMap(({ size, layout }) => corners(last, size, layout, stage)) : [];
  const isFree = ({ x, y, size }: Spot) =>
    taken === null || !overlaps({ x, y, w: size.width, h: size.height }, taken);
  const spot = beside.find(isFree) ?? beside[0] ?? cornered.find(isFree) ?? cornered[0];
  return spot ? { x: spot.x, y: spot.y, layout: spot.layout } : { x: EDGE, y: EDGE, layout: "row" };
}
