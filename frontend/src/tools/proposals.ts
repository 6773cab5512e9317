import { type Corners, cornersBetween, fromCorners, fromXywh, intersection } from "../geometry/box";
import { areaInside } from "../geometry/runs";
import { clamp, distance, type Vector } from "../geometry/vector";
import type { LabeledImage } from "../model/labeledImage";
import {
  acceptedFrom,
  type Level,
  type Proposal,
  type ProposalFilter,
  type Proposals,
  proposalHits,
  proposalsLeft,
  runsOfProposal,
  sureness,
} from "../model/proposal";
import { tidy } from "../model/tidy";
import { type Pointer, type Stepped, say, stay, type ToolContext, type ToolEvent } from "./tool";

interface Press {
  readonly from: Pointer;
  readonly to: Vector;
  readonly dragged: boolean;
  /** What a Shift drag has touched so far; null draws a marquee. */
  readonly painted: readonly Proposal[] | null;
}

/** Accepting proposals. `lit` is the one under the pointer, or the one that Tab has gone to. */
export interface ProposingState {
  readonly filter: ProposalFilter;
  readonly lit: Proposal | null;
  readonly press: Press | null;
}

export const idleProposing: ProposingState = {
  filter: { level: 0, minimumArea: 0, minimumScore: 0 },
  lit: null,
  press: null,
};

/** What is worth a look stays with the person, whatever tool they take in between. */
export const proposingPutDown = ({ filter }: ProposingState): ProposingState => ({
  ...idleProposing,
  filter,
});

const DRAG_STARTS = 4;
/** A marquee takes what lies in it but for this share: people do not frame to the pixel. */
const MOSTLY = 0.9;
/** Between two positions of the pointer something is looked for every so many CSS pixels. */
const PAINT_EVERY = 3;
const NO_CLASS = "Choose a class first; a manager adds classes in the project.";

type Result = Stepped<ProposingState>;
type World = Pick<ToolContext, "proposals" | "image">;

export function stepProposals(state: ProposingState, event: ToolEvent, context: ToolContext): Result {
  switch (event.type) {
    case "move":
      return stay(
        state.press ? dragged(state, state.press, event.pointer, context) : hovering(state, event, context),
      );
    case "leave":
      return stay(state.lit ? { ...state, lit: null } : state);
    case "down":
      return stay(event.removes ? state : { ...state, press: pressAt(event.pointer, event.shift) });
    case "up":
      return state.press
        ? release(dragged(state, state.press, event.pointer, context), context)
        : stay(state);
    case "commit":
      return state.press ? stay(state) : acceptLit(state, context);
    case "next":
      return stay({ ...state, lit: neighbour(state, context, 1) });
    case "previous":
      return stay({ ...state, lit: neighbour(state, context, -1) });
    case "filter":
      // What a drag has gathered so far may be hidden now.
      return stay({ ...state, lit: null, press: null, filter: { ...state.filter, ...event.filter } });
    case "cancel":
      return stay(state.press ? { ...state, press: null } : { ...state, lit: null });
    case "back":
      return stay({ ...state, press: null });
    default:
      return stay(state);
  }
}

export const levelOf = ({ level }: Proposal): Level => clamp(level, 0, 2) as Level;

const passes = (proposal: Proposal, { minimumArea, minimumScore }: ProposalFilter): boolean =>
  proposal.area >= minimumArea && sureness(proposal) >= minimumScore;

/** How many proposals each level would show. */
export function countByLevel(filter: ProposalFilter, world: World): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  for (const proposal of leftOf(world)) if (passes(proposal, filter)) counts[levelOf(proposal)]++;
  return counts;
}

const NONE: readonly Proposal[] = [];

const leftOf = ({ proposals, image }: World): readonly Proposal[] =>
  proposals?.kind === "ready" ? proposalsLeft(proposals.all, image) : NONE;

const shown = new WeakMap<readonly Proposal[], { filter: ProposalFilter; proposals: readonly Proposal[] }>();

/** The proposals on show, the surest first. The same array for as long as they are the same. */
export function shownProposals(filter: ProposalFilter, world: World): readonly Proposal[] {
  const left = leftOf(world);
  const last = shown.get(left);
  if (last?.filter === filter) return last.proposals;
  const proposals = left.filter((one) => levelOf(one) === filter.level && passes(one, filter));
  shown.set(left, { filter, proposals });
  return proposals;
}

export interface ProposingPreview {
  /** What would be accepted now. */
  readonly lit: readonly Proposal[];
  readonly marquee: Corners | null;
}

export function previewProposing(
  { filter, lit, press }: ProposingState,
  world: { proposals: Proposals | null; image: LabeledImage },
): ProposingPreview {
  const all = shownProposals(filter, world);
  if (!press?.dragged) return { lit: lit && all.includes(lit) ? [lit] : [], marquee: null };
  if (press.painted) return { lit: press.painted, marquee: null };
  const marquee = cornersBetween(press.from.at, press.to);
  return { lit: inMarquee(marquee, all), marquee };
}

const pressAt = (from: Pointer, shift: boolean): Press => ({
  from,
  to: from.at,
  dragged: false,
  painted: shift ? [] : null,
});

function hovering(state: ProposingState, { pointer }: { pointer: Pointer }, world: World): ProposingState {
  const lit = smallestAt(pointer.at, shownProposals(state.filter, world));
  return lit === state.lit ? state : { ...state, lit };
}

function smallestAt(at: Vector, proposals: readonly Proposal[]): Proposal | null {
  const hit = proposals.filter((proposal) => proposalHits(proposal, at));
  return hit.reduce<Proposal | null>((best, one) => (best && best.area <= one.area ? best : one), null);
}

function dragged(
  state: ProposingState,
  press: Press,
  { at, screen }: Pointer,
  context: ToolContext,
): ProposingState {
  const far = press.dragged || distance(press.from.screen, screen) >= DRAG_STARTS;
  const painted =
    press.painted && far ? paintedTo(press.painted, press.to, at, state.filter, context) : press.painted;
  return { ...state, lit: null, press: { ...press, to: at, dragged: far, painted } };
}

function paintedTo(
  painted: readonly Proposal[],
  from: Vector,
  to: Vector,
  filter: ProposalFilter,
  context: ToolContext,
): readonly Proposal[] {
  const all = shownProposals(filter, context);
  const steps = Math.ceil((distance(from, to) * context.scale) / PAINT_EVERY) + 1;
  const found = new Set(painted);
  for (let i = 0; i <= steps; i++) {
    const at = { x: from.x + ((to.x - from.x) * i) / steps, y: from.y + ((to.y - from.y) * i) / steps };
    const hit = smallestAt(at, all);
    if (hit) found.add(hit);
  }
  return found.size === painted.length ? painted : [...found];
}

function inMarquee(marquee: Corners, proposals: readonly Proposal[]): Proposal[] {
  const frame = fromCorners(marquee);
  return proposals.filter((proposal) => {
    const box = fromXywh(proposal.bbox);
    const { w, h } = intersection(frame, box);
    if (w === box.w && h === box.h) return true;
    const enough = MOSTLY * proposal.area;
    return w * h >= enough && areaInside(runsOfProposal(proposal), frame) >= enough;
  });
}

function release(state: ProposingState, context: ToolContext): Result {
  const { press, filter } = state;
  const free = { ...state, press: null, lit: null };
  if (!press) return stay(free);
  const hit = press.dragged ? null : smallestAt(press.to, shownProposals(filter, context));
  const accepted = press.dragged ? previewProposing(state, context).lit : hit ? [hit] : [];
  return accepted.length > 0
    ? accept(free, accepted, context)
    : stay(free, say(nothingAt(press, filter, context)));
}

/** Why a click or drag has accepted nothing, and what does. */
function nothingAt({ to, dragged }: Press, filter: ProposalFilter, world: World): string {
  // The bar above says why.
  if (world.proposals?.kind !== "ready") return "This image has no proposals yet.";
  if (dragged) return "No proposal lies there.";
  const hidden = leftOf(world).filter((proposal) => proposalHits(proposal, to));
  if (hidden.length === 0) return "There is no proposal here. Press S and click to make a mask.";
  const levels = new Set(hidden.filter((one) => passes(one, filter)).map(levelOf));
  const by = [...levels].some((level) => level > filter.level) ? "Press . for parts." : "Press , for wholes.";
  return levels.size > 0
    ? `No proposal of this level is here. ${by}`
    : "The proposal here is hidden by the sliders above.";
}

/** Goes on to the next one, so that Enter after Enter works through them. */
function acceptLit(state: ProposingState, context: ToolContext): Result {
  const { lit } = previewProposing(state, context);
  const next = neighbour(state, context, 1);
  return accept({ ...state, lit: next === state.lit ? null : next }, lit, context);
}

function accept(state: ProposingState, accepted: readonly Proposal[], context: ToolContext): Result {
  const { proposals, classId, me: by, newId } = context;
  if (accepted.length === 0 || proposals?.kind !== "ready") return stay(state);
  if (!classId) return stay(state, say(NO_CLASS));
  const { model } = proposals;
  const made = accepted.map((one) => acceptedFrom(one, { id: newId(), classId, by, model }));
  const annotations = context.tidiesMasks ? made.map((one) => tidy(one, context.image)) : made;
  return stay(state, { type: "accept", annotations }, { type: "made", ids: annotations.map(({ id }) => id) });
}

function neighbour({ filter, lit }: ProposingState, world: World, step: 1 | -1): Proposal | null {
  const all = shownProposals(filter, world);
  const at = lit ? all.indexOf(lit) : -1;
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length;
  return all[next] ?? null;
}
