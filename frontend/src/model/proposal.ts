import { type Box, fromXywh, intersection, type Xywh } from "../geometry/box";
import type { Rle } from "../geometry/rle";
import { areaInCommon, type Runs, runsContain, runsOf } from "../geometry/runs";
import type { Vector } from "../geometry/vector";
import { type Annotation, boundsOf, newAnnotation, type Person, pixelsOf } from "./annotation";
import type { LabeledImage } from "./labeledImage";

/** An automatic mask that is nobody's decision yet; `level` 0 is a whole, 1 a part of one, 2 and more parts of parts. */
export interface Proposal {
  readonly segmentation: Rle;
  readonly area: number;
  readonly bbox: Xywh;
  readonly predicted_iou: number;
  readonly stability_score: number;
  readonly point_coords: readonly (readonly [number, number])[];
  readonly level: number;
}

/** Wholes, their parts, and everything finer. */
export type Level = 0 | 1 | 2;

/** Which proposals are worth a look: of one level, not too small (pixels) and not too doubtful. */
export interface ProposalFilter {
  readonly level: Level;
  readonly minimumArea: number;
  readonly minimumScore: number;
}

/** An image's proposals as far as they are known here. */
export type Proposals =
  | { readonly kind: "off" | "loading" | "queued" | "running" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "ready"; readonly all: readonly Proposal[]; readonly model: string };

/** From this IoU on an annotation is the same object as a proposal. */
const SAME = 0.7;

const decoded = new WeakMap<Proposal, Runs>();

export function runsOfProposal(proposal: Proposal): Runs {
  const known = decoded.get(proposal);
  if (known) return known;
  const runs = runsOf(proposal.segmentation);
  decoded.set(proposal, runs);
  return runs;
}

export const proposalHits = (proposal: Proposal, p: Vector): boolean =>
  runsContain(runsOfProposal(proposal), p);

/** How sure the model is, as an annotation's confidence is before anybody has judged one. */
export const sureness = ({ predicted_iou, stability_score }: Proposal): number =>
  Math.max(0, Math.min(predicted_iou, stability_score, 1));

/** What accepting a proposal makes of it. */
export const acceptedFrom = (
  proposal: Proposal,
  { id, classId, by, model }: { id: string; classId: string; by: Person; model: string },
): Annotation =>
  newAnnotation(by, {
    id,
    class_id: classId,
    kind: "mask",
    segmentation: proposal.segmentation,
    bbox: proposal.bbox,
    area: proposal.area,
    source: "proposal",
    prompts: [
      { points: proposal.point_coords.map(([x, y]) => ({ x, y, label: 1 })), box: null, mask: false },
    ],
    model,
    predicted_iou: Math.min(proposal.predicted_iou, 1),
    stability_score: Math.min(proposal.stability_score, 1),
    confidence: sureness(proposal),
  });

const areaOf = ({ w, h }: Box) => w * h;
const iou = (common: number, a: number, b: number) => common / (a + b - common);

function covers(annotation: Annotation, proposal: Proposal): boolean {
  if (annotation.segmentation === proposal.segmentation) return true;
  const box = boundsOf(annotation);
  if (!box) return false;
  const proposed = fromXywh(proposal.bbox);
  const shared = areaOf(intersection(box, proposed));
  // A box has no pixels to compare: there its edges say whether it is the same object.
  if (annotation.kind === "box") return iou(shared, areaOf(box), areaOf(proposed)) > SAME;
  const atMost = Math.min(shared, annotation.area, proposal.area);
  if (iou(atMost, annotation.area, proposal.area) <= SAME) return false;
  const common = areaInCommon(runsOfProposal(proposal), pixelsOf(annotation));
  return iou(common, annotation.area, proposal.area) > SAME;
}

type Covered = ReadonlySet<Proposal>;
const covered = new WeakMap<readonly Proposal[], WeakMap<object, Covered>>();

/** The proposals that an annotation is; reckoned once for as long as its shape stays. */
function coveredBy(annotation: Annotation, all: readonly Proposal[]): Covered {
  const shape = annotation.segmentation ?? annotation.polygon ?? annotation;
  const known = covered.get(all) ?? new WeakMap<object, Covered>();
  covered.set(all, known);
  const found = known.get(shape) ?? new Set(all.filter((proposal) => covers(annotation, proposal)));
  known.set(shape, found);
  return found;
}

const lefts = new WeakMap<readonly Proposal[], { image: LabeledImage; left: readonly Proposal[] }>();

/** The proposals that no annotation is yet. The same array for as long as they are the same. */
export function proposalsLeft(all: readonly Proposal[], image: LabeledImage): readonly Proposal[] {
  const last = lefts.get(all);
  if (last?.image === image) return last.left;
  const taken = new Set([...image.annotations.values()].flatMap((one) => [...coveredBy(one, all)]));
  const now = all.filter((proposal) => !taken.has(proposal));
  const left = last && sameItems(last.left, now) ? last.left : now;
  lefts.set(all, { image, left });
  return left;
}

const sameItems = <Item>(a: readonly Item[], b: readonly Item[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);
