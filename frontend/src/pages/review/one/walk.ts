import type { Annotation, ReviewItem, VerdictKind } from "../../../server/types";

/** A verdict of this sitting; the server has not confirmed it yet while its id is null. */
export interface Given {
  readonly verdict: VerdictKind;
  readonly id: string | null;
}

/** The way through the queue: what was shown, what is shown, and what was claimed ahead, in this order. */
export interface Walk {
  readonly items: readonly ReviewItem[];
  /** The one that is shown; behind the last one when there is none. */
  readonly at: number;
  readonly given: ReadonlyMap<string, Given>;
  /** All of it is on show at once, so what was passed over comes round again. */
  readonly round: boolean;
}

/** So many are claimed and loaded ahead, that the next one is there before the key is up again. */
export const AHEAD = 3;
/** So many of one image: with the one that is shown, as many as can be claimed. */
const AHEAD_OF_IMAGE = 59;

export const START: Walk = { items: [], at: 0, given: new Map(), round: false };
export const ROUND: Walk = { ...START, round: true };

export const shownOf = ({ items, at }: Walk): ReviewItem | undefined => items[at];

const isOpen =
  ({ given }: Walk) =>
  ({ id }: ReviewItem): boolean =>
    !given.has(id);

/** What has no verdict yet. */
export const openOf = (walk: Walk): readonly ReviewItem[] => walk.items.filter(isOpen(walk));

/** What comes after the one that is shown, and has no verdict. */
export const aheadOf = (walk: Walk): readonly ReviewItem[] =>
  walk.items.filter((item, i) => (walk.round ? i !== walk.at : i > walk.at) && isOpen(walk)(item));

/** How many are to be claimed, so that one is shown and enough are ahead. */
export function missing(walk: Walk): number {
  const enough = walk.round ? AHEAD_OF_IMAGE : AHEAD;
  return Math.max(enough - aheadOf(walk).length, 0) + (shownOf(walk) ? 0 : 1);
}

/** What this tab still looks at: the one that is shown, those ahead, and those whose verdicts are on their way. */
export function heldOf(walk: Walk): string[] {
  const { items, at, given, round } = walk;
  const held = ({ id }: ReviewItem, i: number) => {
    const verdict = given.get(id);
    return verdict ? verdict.id === null : round || i >= at;
  };
  return items.filter(held).map(({ id }) => id);
}

/** Passed over without a verdict; they come again when somebody starts over. */
export const skippedOf = (walk: Walk): string[] =>
  walk.items
    .slice(0, walk.round ? 0 : walk.at)
    .filter(isOpen(walk))
    .map(({ id }) => id);

/** With more behind the last one. What was judged before and comes again is not what it was. */
export function found(walk: Walk, more: readonly ReviewItem[]): Walk {
  const rest = more.reduce((before, { id }) => dropped(before, id), walk);
  return { ...rest, items: [...rest.items, ...more] };
}

/**
 * On to the next one, or back by one, whether judged or not, but not further than behind the last one; in a round, to
 * the next that has no verdict.
 */
export function stepped(walk: Walk, by: 1 | -1): Walk {
  if (walk.round) return by === 1 ? onToOpen(walk) : backToOpen(walk);
  return { ...walk, at: Math.min(Math.max(walk.at + by, 0), walk.items.length) };
}

function onToOpen(walk: Walk): Walk {
  const { items, at, round } = walk;
  const next = items.findIndex((item, i) => i > at && isOpen(walk)(item));
  const again = round ? items.findIndex(isOpen(walk)) : -1;
  return { ...walk, at: next >= 0 ? next : again >= 0 ? again : items.length };
}

function backToOpen(walk: Walk): Walk {
  const before = walk.items.findLastIndex((item, i) => i < walk.at && isOpen(walk)(item));
  const last = walk.items.findLastIndex(isOpen(walk));
  return { ...walk, at: before >= 0 ? before : last >= 0 ? last : walk.items.length };
}

/** This one is shown, whether judged or not. */
export function pointed(walk: Walk, annotation: string): Walk {
  const at = walk.items.findIndex(({ id }) => id === annotation);
  return at < 0 ? walk : { ...walk, at };
}

/** With a verdict on what is shown, and the next one that has none on show. */
export function judged(walk: Walk, verdict: VerdictKind): Walk {
  const item = shownOf(walk);
  if (!item) return walk;
  return onToOpen({ ...walk, given: new Map(walk.given).set(item.id, { verdict, id: null }) });
}

/** With the same verdict on several. */
export const allJudged = (walk: Walk, items: readonly ReviewItem[], verdict: VerdictKind): Walk =>
  onToOpen({
    ...walk,
    given: new Map([...walk.given, ...items.map(({ id }) => [id, { verdict, id: null }] as const)]),
  });

/** The server knows of the verdict. */
export function confirmed(walk: Walk, annotation: string, id: string): Walk {
  const given = walk.given.get(annotation);
  return given ? { ...walk, given: new Map(walk.given).set(annotation, { ...given, id }) } : walk;
}

function withoutVerdict({ given }: Walk, annotation: string): Walk["given"] {
  const rest = new Map(given);
  rest.delete(annotation);
  return rest;
}

/** On show again, without the verdict that was given. */
export function takenBack(walk: Walk, annotation: string): Walk {
  const at = walk.items.findIndex(({ id }) => id === annotation);
  return at < 0 ? walk : { ...walk, at, given: withoutVerdict(walk, annotation) };
}

/** The verdict stands after all. */
export function stillGiven(walk: Walk, annotation: string, given: Given): Walk {
  const after = { ...walk, given: new Map(walk.given).set(annotation, given) };
  return shownOf(walk)?.id === annotation ? onToOpen(after) : after;
}

/** Without a verdict, and the next to be shown unless it is shown already. */
export function comingBack(walk: Walk, item: ReviewItem): Walk {
  const given = withoutVerdict(walk, item.id);
  const shown = shownOf(walk);
  if (shown?.id === item.id) return { ...replaced(walk, item), given };
  const rest = dropped(walk, item.id);
  const place = shown ? rest.at + 1 : rest.items.length;
  return { ...rest, items: [...rest.items.slice(0, place), item, ...rest.items.slice(place)], given };
}

/** Out of this sitting; the one behind it moves up. */
export function dropped(walk: Walk, annotation: string): Walk {
  const place = walk.items.findIndex(({ id }) => id === annotation);
  if (place < 0) return walk;
  const items = walk.items.filter(({ id }) => id !== annotation);
  const at = place < walk.at ? walk.at - 1 : walk.at;
  const rest = { ...walk, items, at, given: withoutVerdict(walk, annotation) };
  return rest.round && place === walk.at ? onToOpen({ ...rest, at: at - 1 }) : rest;
}

/** With an annotation as it is by now. */
export const replaced = (walk: Walk, annotation: Annotation): Walk => ({
  ...walk,
  items: walk.items.map((item) => (item.id === annotation.id ? { ...item, ...annotation } : item)),
});
