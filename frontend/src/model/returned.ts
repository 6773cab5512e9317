import type { Annotation, Person } from "./annotation";
import type { LabeledImage } from "./labeledImage";

/** An object that a reviewer misses, as a thread of the image's comments tells it. */
export interface Missing {
  readonly thread: string;
  readonly by: Person;
  readonly at: string;
  readonly text: string;
  readonly resolved: boolean;
}

/** Something that a reviewer sent back: an object, or the place of one that is missing. */
export interface Returned {
  /** The annotation's, or the thread's. */
  readonly id: string;
  readonly kind: "object" | "missing";
  /** Whether the annotator has seen to it: the server knows of a change, it was deleted, or the thread was resolved. */
  readonly mended: boolean;
  /** The annotator thinks that it is right, and somebody else decides. */
  readonly disputed: boolean;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly by: Person | null;
  readonly at: string | null;
}

export type CameBack = ReadonlyMap<string, Annotation>;

/** A rejected object is a draft again as soon as a change of it is saved. */
const wasRejected = ({ review, state }: Annotation): boolean =>
  review?.verdict === "rejected" && (state === "rejected" || state === "draft");

/** With what has come back since, each as it was seen first; the very same where nothing has. */
export function withNews(known: CameBack, image: LabeledImage): CameBack {
  const isNew = (one: Annotation) =>
    wasRejected(one) && known.get(one.id)?.review?.version !== one.review?.version;
  const news = [...image.annotations.values()].filter(isNew);
  return news.length === 0 ? known : new Map([...known, ...news.map((one) => [one.id, one] as const)]);
}

/** All that came back to the image, with what is mended by now: objects from below to above, then what is missing. */
export function returnedOf(known: CameBack, image: LabeledImage, missing: readonly Missing[]): Returned[] {
  const objects = [...known.values()].map((then): Returned => {
    const { reason = null, comment = null, by = null, at = null } = then.review ?? {};
    const now = image.annotations.get(then.id);
    const disputed = now?.resubmission === "disputed";
    return {
      id: then.id,
      kind: "object",
      mended: now?.state !== "rejected",
      disputed,
      reason,
      comment,
      by,
      at,
    };
  });
  const places = missing.map(
    ({ thread, by, at, text, resolved }): Returned => ({
      id: thread,
      kind: "missing",
      mended: resolved,
      disputed: false,
      reason: "missing",
      comment: text || null,
      by,
      at,
    }),
  );
  return [...objects, ...places];
}

/** The next one (`by` 1) or the one before (-1), around the end: of those that are left to be mended, if there are any. */
export function stepped(returned: readonly Returned[], current: string | null, by: 1 | -1): Returned | null {
  const count = returned.length;
  const from = returned.findIndex(({ id }) => id === current);
  const start = from === -1 && by === -1 ? 0 : from;
  const others = returned.map((_, i) => returned[(((start + by * (i + 1)) % count) + count) % count]);
  return others.find((one) => one && !one.mended) ?? others[0] ?? null;
}
