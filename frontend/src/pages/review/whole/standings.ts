import type { Annotation } from "../../../model/annotation";
import type { ReviewItem } from "../../../server/types";
import type { Walk } from "../one/walk";

/** How it stands with an object of the image: `elsewhere` waits, but not for this person. */
export type Standing = "waiting" | "accepted" | "rejected" | "draft" | "elsewhere";

export interface Row {
  readonly annotation: Annotation;
  readonly standing: Standing;
  /** It came from the queue, and can be pointed at. */
  readonly claimed: boolean;
}

const STANDINGS: Record<Annotation["state"], Standing> = {
  draft: "draft",
  submitted: "elsewhere",
  accepted: "accepted",
  rejected: "rejected",
};

/** All objects of an image: first what was claimed of it, the least certain first, wherever it stands by now. */
export function rowsOf(annotations: Iterable<Annotation>, walk: Walk): Row[] {
  const claimed = [...walk.items].sort(leastCertain).map((item) => claimedRow(item, walk));
  const known = new Set(walk.items.map(({ id }) => id));
  const others = [...annotations].filter(({ id }) => !known.has(id)).sort(leastCertain);
  return [
    ...claimed,
    ...others.map((annotation) => ({
      annotation,
      standing: STANDINGS[annotation.state],
      claimed: false,
    })),
  ];
}

function claimedRow(item: ReviewItem, { given }: Walk): Row {
  const verdict = given.get(item.id)?.verdict;
  const standing = verdict === undefined ? "waiting" : verdict === "rejected" ? "rejected" : "accepted";
  return { annotation: item, standing, claimed: true };
}

type Certain = Pick<Annotation, "confidence" | "id">;

/** The place of an unknown confidence in the queue, as the server has it (annotations/queue_place.py). */
const UNKNOWN_PLACE = 0.500000001;

const placeOf = ({ confidence }: Certain): number => confidence ?? UNKNOWN_PLACE;

const leastCertain = (a: Certain, b: Certain): number =>
  placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : Number(a.id > b.id));

/** What a mark says of it; nothing where it waits. */
export const MARKS: Record<Standing, string> = {
  waiting: "",
  accepted: "✓",
  rejected: "✕",
  draft: "…",
  elsewhere: "○",
};

export const STANDING_WORDS: Record<Standing, string> = {
  waiting: "waits for you",
  accepted: "accepted",
  rejected: "rejected",
  draft: "draft",
  elsewhere: "waits for others",
};
