import { type Mask, maskArea } from "./mask";
import { trimmed, without } from "./maskAlgebra";

// Mask pixels belong together where they share an edge; what is around them already where it shares a corner. So a
// line of pixels that touch at corners encloses nothing, as its outline says too.
const BY_EDGE = [1, 0, -1, 0, 0, 1, 0, -1];
const BY_CORNER = [...BY_EDGE, 1, 1, 1, -1, -1, 1, -1, -1];

/** Numbers the regions of pixels with this value from 1 on; 0 is every other pixel. */
function regions({ w, h, data }: Mask, value: 0 | 1, neighbours: readonly number[]) {
  const numbers = new Int32Array(w * h);
  const stack = new Int32Array(w * h);
  let count = 0;
  for (let start = 0; start < data.length; start++) {
    if (data[start] !== value || numbers[start] !== 0) continue;
    numbers[start] = ++count;
    let filled = 0;
    stack[filled++] = start;
    while (filled > 0) {
      const at = stack[--filled] ?? 0;
      const [x, y] = [at % w, Math.floor(at / w)];
      for (let i = 0; i < neighbours.length; i += 2) {
        const [nx, ny] = [x + (neighbours[i] ?? 0), y + (neighbours[i + 1] ?? 0)];
        if (nx < 0 || ny < 0 || nx >= w || ny >= h) continue;
        const next = ny * w + nx;
        if (data[next] !== value || numbers[next] !== 0) continue;
        numbers[next] = count;
        stack[filled++] = next;
      }
    }
  }
  return { numbers, count };
}

/** Calls `visit` for each pixel with the number of its region, its column and its row. */
function eachPixel(
  { w }: Mask,
  numbers: Int32Array,
  visit: (region: number, x: number, y: number) => void,
): void {
  numbers.forEach((region, i) => {
    if (region > 0) visit(region, i % w, Math.floor(i / w));
  });
}

/** The connected parts of a mask, each in its smallest box, the largest first. */
export function partsOf(mask: Mask): Mask[] {
  const { numbers, count } = regions(mask, 1, BY_EDGE);
  const edges = Array.from(
    { length: count },
    () => [Infinity, Infinity, -1, -1] as [number, number, number, number],
  );
  eachPixel(mask, numbers, (region, x, y) => {
    const edge = edges[region - 1];
    if (!edge) return;
    edge[0] = Math.min(edge[0], x);
    edge[1] = Math.min(edge[1], y);
    edge[2] = Math.max(edge[2], x);
    edge[3] = Math.max(edge[3], y);
  });
  const parts = edges.map(([left, top, right, bottom]): Mask => {
    const [w, h] = [right - left + 1, bottom - top + 1];
    return { x: mask.x + left, y: mask.y + top, w, h, data: new Uint8Array(w * h) };
  });
  eachPixel(mask, numbers, (region, x, y) => {
    const part = parts[region - 1];
    if (part) part.data[(mask.y + y - part.y) * part.w + mask.x + x - part.x] = 1;
  });
  return parts
    .map((part) => ({ part, area: maskArea(part) }))
    .sort((a, b) => b.area - a.area)
    .map(({ part }) => part);
}

/** The mask with everything that it encloses. */
export function withoutHoles(mask: Mask): Mask {
  const { numbers, count } = regions(mask, 0, BY_CORNER);
  const open = new Uint8Array(count + 1);
  eachPixel(mask, numbers, (region, x, y) => {
    if (x === 0 || y === 0 || x === mask.w - 1 || y === mask.h - 1) open[region] = 1;
  });
  return { ...mask, data: mask.data.map((value, i) => (value === 1 || !open[numbers[i] ?? 0] ? 1 : 0)) };
}

/** Holes with less than this share of what the mask covers with them are pinholes. */
const PINHOLE = 0.005;

/** The holes that are so small that nobody meant them, the largest first. */
export function pinholesOf(mask: Mask): Mask[] {
  const filled = withoutHoles(mask);
  const holes = without(filled, mask);
  if (holes.w === 0) return [];
  const smallest = Math.max(maskArea(filled) * PINHOLE, 2);
  return partsOf(holes).filter((hole) => maskArea(hole) < smallest);
}

/** Only the parts with this many pixels or more. */
export function withoutSmallParts(mask: Mask, smallest: number): Mask {
  const { numbers, count } = regions(mask, 1, BY_EDGE);
  const areas = new Int32Array(count + 1);
  for (const region of numbers) areas[region] = (areas[region] ?? 0) + 1;
  const kept = mask.data.map((value, i) =>
    value === 1 && (areas[numbers[i] ?? 0] ?? 0) >= smallest ? 1 : 0,
  );
  return trimmed({ ...mask, data: kept });
}
