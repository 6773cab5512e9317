import type { Annotation, LabelClass } from "./annotation";
import type { LabeledImage } from "./labeledImage";
import { objectsOf } from "./lookup";

/** Something that is said of each object of a class, as a manager has set it up. Values are kept by `id`. */
export interface Attribute {
  readonly id: string;
  readonly name: string;
  readonly kind: "choice" | "choices" | "number" | "text" | "yes_no";
  readonly choices: readonly string[];
  readonly required: boolean;
  readonly default: unknown;
}

export type Values = Annotation["attributes"];

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);

/** What new objects of a class get. */
export const defaultsOf = ({ attributes }: LabelClass): Values =>
  Object.fromEntries(attributes.filter((one) => one.default !== null).map((one) => [one.id, one.default]));

/** The values with another one for an attribute; nothing said takes it away. */
export function withValue(values: Values, id: string, value: unknown): Values {
  const { [id]: _, ...rest } = values;
  return isSaid(value) ? { ...rest, [id]: value } : rest;
}

/** The choices that have number keys: those of the attribute, or yes and no. */
export const optionsOf = ({ kind, choices }: Attribute): readonly { label: string; value: unknown }[] =>
  kind === "yes_no"
    ? [
        { label: "Yes", value: true },
        { label: "No", value: false },
      ]
    : choices.map((choice) => ({ label: choice, value: choice }));

export const isPicked = ({ kind }: Attribute, value: unknown, option: unknown): boolean =>
  kind === "choices" ? Array.isArray(value) && value.includes(option) : value === option;

/** The value after an option was picked: one of several is added or taken out, the only one is let go again. */
export function afterPick(attribute: Attribute, value: unknown, option: unknown): unknown {
  const picked = isPicked(attribute, value, option);
  if (attribute.kind !== "choices") return picked ? undefined : option;
  const others = (Array.isArray(value) ? value : []).filter((one) => one !== option);
  return picked ? others : [...others, option];
}

const missing = (annotation: Annotation, classes: readonly LabelClass[]): readonly Attribute[] =>
  (classes.find(({ id }) => id === annotation.class_id)?.attributes ?? []).filter(
    ({ id, required }) => required && !isSaid(annotation.attributes[id]),
  );

/** The names of the required attributes that have no value. */
export const missingOf = (annotation: Annotation, classes: readonly LabelClass[]): string[] =>
  missing(annotation, classes).map(({ name }) => name);

/** The required attribute to ask for next. */
export const firstMissing = (annotation: Annotation, classes: readonly LabelClass[]): Attribute | undefined =>
  missing(annotation, classes)[0];

/** The first object to be handed in that lacks something. What reviewers have accepted is not asked again. */
export const firstLacking = (image: LabeledImage, classes: readonly LabelClass[]): Annotation | undefined =>
  objectsOf(image).find(
    (annotation) => annotation.state === "draft" && missingOf(annotation, classes).length > 0,
  );
