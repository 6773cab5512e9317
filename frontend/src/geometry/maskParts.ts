import { type Mask, maskArea } from "./mask";
import { trimmed, without } from "./maskAlgebra";

/** What a row has of a region without a gap: columns from `start` to before `end`. */
interface Run {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  /** The run itself, or one of the same region; see `rootOf`. */
  parent: Run;
}

// Mask pixels belong together where they share an edge; what is around them already where it shares a corner. So a
// line of pixels that touch at corners encloses nothing, as its outline says too.
const BY_EDGE = 0;
const BY_CORNER = 1;

function rootOf(run: Run): Run {
  let root = run;
  while (root.parent !== root) root = root.parent = root.parent.parent;
  return root;
}

/** The runs of pixels with this value in a row, from the left. */
function runsOfRow({ w, data }: Mask, value: 0 | 1, row: number): Run[] {
  const [runs, first, last]: [Run[], number, number] = [[], row * w, (row + 1) * w];
  const next = (wanted: number, from: number) => {
    const at = data.indexOf(wanted, from);
    return at === -1 || at > last ? last : at;
  };
  for (let at = next(value, first); at < last; ) {
    const end = next(1 - value, at);
    const run = { row, start: at - first, end: end - first } as Run;
    run.parent = run;
    runs.push(run);
    at = next(value, end);
  }
  return runs;
}

/** Joins the regions of runs that touch from one row to the next. Both go from the left. */
function join(above: readonly Run[], below: readonly Run[], reach: number): void {
  let i = 0;
  for (const run of below) {
    while (i < above.length && (above[i]?.end ?? 0) + reach <= run.start) i++;
    for (let j = i; j < above.length; j++) {
      const other = above[j];
      if (!other || other.start >= run.end + reach) break;
      rootOf(other).parent = rootOf(run);
    }
  }
}

/**
 * The regions of pixels with this value, each as its runs from above to below. By runs (Rosenfeld and Pfaltz, 1966,
 * with a union of whole runs) it takes as long as the mask has edges, and not as it has pixels.
 */
function regions(mask: Mask, value: 0 | 1, reach: number): Run[][] {
  const all: Run[] = [];
  let above: Run[] = [];
  for (let row = 0; row < mask.h; row++) {
    const runs = runsOfRow(mask, value, row);
    join(above, runs, reach);
    for (const run of runs) all.push(run);
    above = runs;
  }
  const found = new Map<Run, Run[]>();
  for (const run of all) {
    const root = rootOf(run);
    const region = found.get(root);
    if (region) region.push(run);
    else found.set(root, [run]);
  }
  return [...found.values()];
}

const areaOf = (region: readonly Run[]): number =>
  region.reduce((sum, { start, end }) => sum + end - start, 0);

function fill({ w, data }: Mask, region: readonly Run[], value: 0 | 1): void {
  for (const { row, start, end } of region) data.fill(value, row * w + start, row * w + end);
}

/** A region as a mask in its smallest box. */
function maskOf(mask: Mask, region: readonly Run[]): Mask {
  let [left, right] = [mask.w, 0];
  for (const { start, end } of region) [left, right] = [Math.min(left, start), Math.max(right, end)];
  const [top, bottom] = [region[0]?.row ?? 0, (region.at(-1)?.row ?? -1) + 1];
  const [w, h] = [right - left, bottom - top];
  const part = { x: mask.x + left, y: mask.y + top, w, h, data: new Uint8Array(w * h) };
  const moved = region.map((run) => ({
    ...run,
    row: run.row - top,
    start: run.start - left,
    end: run.end - left,
  }));
  fill(part, moved, 1);
  return part;
}

/** The connected parts of a mask, each in its smallest box, the largest first. */
export const partsOf = (mask: Mask): Mask[] =>
  regions(mask, 1, BY_EDGE)
    .map((region) => ({ region, area: areaOf(region) }))
    .sort((a, b) => b.area - a.area)
    .map(({ region }) => maskOf(mask, region));

/** The mask with everything that it encloses. */
export function withoutHoles(mask: Mask): Mask {
  const filled = { ...mask, data: mask.data.slice() };
  const atEdge = ({ row, start, end }: Run) =>
    row === 0 || row === mask.h - 1 || start === 0 || end === mask.w;
  for (const region of regions(mask, 0, BY_CORNER)) if (!region.some(atEdge)) fill(filled, region, 1);
  return filled;
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
  const kept = { ...mask, data: mask.data.slice() };
  for (const region of regions(mask, 1, BY_EDGE)) if (areaOf(region) < smallest) fill(kept, region, 0);
  return trimmed(kept);
}
