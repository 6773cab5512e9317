import { fromXywh } from "../geometry/box";
import { traceOutline } from "../geometry/outline";
import { coarseMask } from "../geometry/runs";
import { type Proposal, runsOfProposal } from "../model/proposal";
import { type Context, type Hints, strokeWithHalo, toImageSpace } from "./draw";
import { pathOf } from "./edges";
import type { Scene } from "./scene";

/** Proposals are drawn as finely as an image of this many pixels a side has them: the model's own are 256 a side. */
const FINEST = 1536;

const stepFor = ({ size }: Proposal["segmentation"]): number => Math.ceil(Math.max(...size) / FINEST);

const outlines = new WeakMap<Proposal, Path2D>();

/** The edge of a proposal in image pixels, traced once. The mask itself is not kept: there are hundreds. */
function outlineOf(proposal: Proposal): Path2D {
  const known = outlines.get(proposal);
  if (known) return known;
  const step = stepFor(proposal.segmentation);
  const mask = coarseMask(runsOfProposal(proposal), fromXywh(proposal.bbox), step);
  const path = pathOf(traceOutline(mask), step);
  outlines.set(proposal, path);
  return path;
}

const together = new WeakMap<readonly Proposal[], Path2D>();

/** The edges of all of them as one path, which is drawn many times as fast as hundreds of small ones. */
function outlinesOf(proposals: readonly Proposal[]): Path2D {
  const known = together.get(proposals);
  if (known) return known;
  const path = new Path2D();
  for (const proposal of proposals) path.addPath(outlineOf(proposal));
  together.set(proposals, path);
  return path;
}

/** Without a class they have no colour either: light edges and a breath of white on the photograph. */
export function drawProposals(context: Context, { proposals, viewport }: Scene, { ratio }: Hints): void {
  if (proposals.length === 0) return;
  const path = outlinesOf(proposals);
  toImageSpace(context, viewport, ratio);
  fill(context, path, "#ffffff", 0.1);
  strokeWithHalo(context, path, "rgba(255, 255, 255, 0.85)", 1 / viewport.scale, 1 / viewport.scale);
}

/** Those that would be accepted now, in the colour of what they would become. */
export function drawLit(context: Context, lit: readonly Proposal[], colour: string, scale: number): void {
  if (lit.length === 0) return;
  const path = outlinesOf(lit);
  fill(context, path, colour, 0.45);
  strokeWithHalo(context, path, colour, 2.5 / scale, 1 / scale);
}

/** Outer edges and holes wind in opposite directions, so what lies in several of them is filled once. */
function fill(context: Context, path: Path2D, colour: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fill(path, "nonzero");
  context.globalAlpha = 1;
}
