import { type Corners, fromCorners } from "../geometry/box";
import { runsReach } from "../geometry/runs";
import type { Vector } from "../geometry/vector";
import { edgeAt } from "../geometry/vertices";
import { type Annotation, boundsOf, hits, runsOfMask } from "../model/annotation";
import { theOnly } from "../model/lookup";
import type { ToolContext } from "./tool";

/** A click so near to the selected object still means it: in CSS pixels, or as a share of its longer side. */
const NEAR_PX = 32;
const NEAR_SHARE = 0.1;

type Selected = Pick<ToolContext, "image" | "selected" | "locked">;
type World = Selected & Pick<ToolContext, "isMade" | "scale">;

/** How a click is made. */
interface Click {
  readonly removes: boolean;
  readonly shift: boolean;
}

export const PLAIN_CLICK: Click = { removes: false, shift: false };

/** The object that clicks can refine: the only selected mask or polygon. */
export function refinable({ image, selected, locked }: Selected): Annotation | null {
  const annotation = theOnly(image, selected);
  const refines = annotation?.kind === "mask" || annotation?.kind === "polygon";
  return refines && !locked.has(annotation.id) ? annotation : null;
}

/**
 * The object that a first click refines, or null to start a new one. A removing click and Shift always refine the selected
 * object. Any other click must lie on it or near it, or exactly on it if it was just made: its neighbor may come next.
 */
export function clickTarget(at: Vector | null, { removes, shift }: Click, world: World): Annotation | null {
  const annotation = refinable(world);
  if (!annotation || removes || shift) return annotation;
  if (at === null) return world.isMade ? null : annotation;
  if (hits(annotation, at)) return annotation;
  return !world.isMade && isNear(annotation, at, world.scale) ? annotation : null;
}

function isNear(annotation: Annotation, at: Vector, scale: number): boolean {
  const box = boundsOf(annotation);
  if (!box) return false;
  const reach = Math.max(NEAR_PX / scale, NEAR_SHARE * Math.max(box.w, box.h));
  const { segmentation, polygon } = annotation;
  if (segmentation) return runsReach(runsOfMask(segmentation), at, reach);
  return polygon !== null && edgeAt(polygon, at, reach) !== null;
}

/** The object that a first box segments again, or null to start a new one: each must contain the other's center. */
export function boxTarget(
  corners: Corners,
  { shift }: Pick<Click, "shift">,
  world: World,
): Annotation | null {
  const annotation = refinable(world);
  const bounds = annotation && boundsOf(annotation);
  if (!bounds || shift) return annotation;
  const box = fromCorners(corners);
  return holdsMiddle(box, bounds) && holdsMiddle(bounds, box) ? annotation : null;
}

type Box = ReturnType<typeof fromCorners>;

function holdsMiddle(outer: Box, { x, y, w, h }: Box): boolean {
  const [dx, dy] = [x + w / 2 - outer.x, y + h / 2 - outer.y];
  return dx >= 0 && dx <= outer.w && dy >= 0 && dy <= outer.h;
}
