import { type Box, fromXywh } from "../geometry/box";
import { type Ring, traceOutline } from "../geometry/outline";
import type { Polygon } from "../geometry/polygon";
import type { Rle } from "../geometry/rle";
import { coarseMask } from "../geometry/runs";
import { simplified } from "../geometry/simplify";
import { type Annotation, boundsOf, runsOfMask } from "../model/annotation";

/** `unit` is how many image pixels the rings count in. */
export function pathOf(rings: readonly Ring[], unit = 1): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const [x = 0, y = 0] = [ring[i], ring[i + 1]];
      if (i === 0) path.moveTo(x * unit, y * unit);
      else path.lineTo(x * unit, y * unit);
    }
    path.closePath();
  }
  return path;
}

export function boxPath({ x, y, w, h }: Box): Path2D {
  const path = new Path2D();
  path.rect(x, y, w, h);
  return path;
}

/** Every how many pixels of the image a mask is looked at, so that no pixel of the screen is missed: a power of two. */
export const stepFor = (scale: number): number =>
  scale >= 1 ? 1 : 2 ** Math.floor(Math.log2(1 / Math.max(scale, 1e-6)));

/** How far a simplified edge may lie from the true one, in steps: less than a pixel of the screen. */
const TOLERANCE = 0.75;

/** Without the stairs that nobody sees: drawing an edge takes as long as it has corners. */
const withoutStairs = (ring: Ring): Ring => {
  const fewer = simplified(ring, TOLERANCE);
  return fewer.length >= 6 ? fewer : ring;
};

const traced = new WeakMap<Rle, { detail: number; path: Path2D }>();

/** The edge of a mask, as fine as the screen shows it. Only the newest is kept: there are thousands. */
export function edgeOfMask(rle: Rle, box: Box, scale: number): Path2D {
  const step = stepFor(scale);
  // From true size on every pixel is shown as it is.
  const detail = scale >= 1 ? 0 : step;
  const known = traced.get(rle);
  if (known?.detail === detail) return known.path;
  const outline = traceOutline(coarseMask(runsOfMask(rle), box, step));
  const rings = detail === 0 ? outline : outline.map(withoutStairs);
  const path = rings.length > 0 ? pathOf(rings, step) : boxPath(box);
  traced.set(rle, { detail, path });
  return path;
}

const polygons = new WeakMap<Polygon, Path2D>();

/** The edges of a polygon with its holes, in image coordinates. */
function edgeOfPolygon(polygon: Polygon): Path2D {
  const known = polygons.get(polygon);
  if (known) return known;
  const path = pathOf(polygon.flat());
  polygons.set(polygon, path);
  return path;
}

/** The edge of an annotation in image coordinates, made once; null where it has none. `scale`: device pixels a pixel. */
export function edgeOf(annotation: Annotation, scale: number): Path2D | null {
  if (annotation.polygon) return edgeOfPolygon(annotation.polygon);
  const box = boundsOf(annotation);
  if (annotation.segmentation) return box && edgeOfMask(annotation.segmentation, box, scale);
  return annotation.bbox && boxPath(fromXywh(annotation.bbox));
}
