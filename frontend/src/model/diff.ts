import type { Annotation } from "./annotation";
import type { Annotations } from "./patch";

/** The geometry that a kind of annotation is made of; the others follow from it. */
const GEOMETRY = { mask: ["segmentation"], polygon: ["polygon"], box: ["bbox"], tag: [] } as const;

const GEOMETRY_FIELDS: ReadonlySet<string> = new Set(Object.values(GEOMETRY).flat());

/** The fields that people change beside the geometry; all others are the server's to say. */
const OTHER_CONTENT = ["class_id", "kind", "attributes", "z"] as const;

type ContentField = (typeof GEOMETRY)[Annotation["kind"]][number] | (typeof OTHER_CONTENT)[number];

const contentOf = ({ kind }: Annotation): readonly ContentField[] => [...OTHER_CONTENT, ...GEOMETRY[kind]];

/** What a new annotation, or a new geometry, tells the server beside its content: where it came from. */
const ORIGIN = [
  "id",
  "source",
  "prompts",
  "model",
  "chosen_rank",
  "predicted_iou",
  "stability_score",
] as const;

type Content = Partial<Pick<Annotation, ContentField>>;
type Sent = Content & Pick<Annotation, (typeof ORIGIN)[number]>;
export type Creation = Sent & Partial<Pick<Annotation, "number">>;
export type Update = Partial<Sent> & { readonly id: string; readonly version: number };

/** What to send so that the server has what we have; each change names the version it was made on. */
export interface Changes {
  readonly create: readonly Creation[];
  readonly update: readonly Update[];
  readonly delete: readonly { readonly id: string; readonly version: number }[];
}

/** Whether two field values say the same. Geometry shared by identity is not looked into. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
  );
}

/** Most of thousands of annotations are the very objects that they were: those are not looked into. */
const changedFields = (saved: Annotation, now: Annotation): readonly ContentField[] =>
  saved === now ? [] : contentOf(now).filter((field) => !same(saved[field], now[field]));

/** Whether two states of an annotation mean the same to the person who looks at it. */
export const sameContent = (a: Annotation, b: Annotation): boolean => changedFields(a, b).length === 0;

/** What to send of an annotation that the server has: what changed, and where a new geometry came from. */
function fieldsToSend(saved: Annotation, now: Annotation) {
  const changed = changedFields(saved, now);
  const reshaped = changed.some((field) => field === "kind" || GEOMETRY_FIELDS.has(field));
  return reshaped ? [...changed, ...ORIGIN.filter((field) => !same(saved[field], now[field]))] : changed;
}

function pick<Key extends keyof Annotation>(
  annotation: Annotation,
  keys: readonly Key[],
): Pick<Annotation, Key> {
  return Object.fromEntries(keys.map((key) => [key, annotation[key]])) as Pick<Annotation, Key>;
}

/** The changes that lead from what the server has to what we have. */
export function diff(saved: Annotations, now: Annotations): Changes {
  const create = [...now.values()]
    .filter((a) => !saved.has(a.id))
    .map((a) => pick(a, [...(a.number ? (["number"] as const) : []), ...ORIGIN, ...contentOf(a)]));
  const update = [...now.values()].flatMap((a) => {
    const before = saved.get(a.id);
    const fields = before ? fieldsToSend(before, a) : [];
    return before && fields.length ? [{ ...pick(a, fields), id: a.id, version: before.version }] : [];
  });
  const gone = [...saved.values()].filter((a) => !now.has(a.id));
  return { create, update, delete: gone.map(({ id, version }) => ({ id, version })) };
}

export const isEmpty = (changes: Changes): boolean =>
  changes.create.length + changes.update.length + changes.delete.length === 0;
