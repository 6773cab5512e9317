import type { Attribute } from "../../../server/types";

export const KINDS: { value: Attribute["kind"]; label: string }[] = [
  { value: "choice", label: "One of several" },
  { value: "choices", label: "Some of several" },
  { value: "yes_no", label: "Yes or no" },
  { value: "number", label: "Number" },
  { value: "text", label: "Text" },
];

/** "Weather (One of several: sun, rain), required" */
export function inWords(attribute: Attribute): string {
  const { name, kind, choices, required, default: first } = attribute;
  const sort = KINDS.find(({ value }) => value === kind)?.label ?? kind;
  const of = choices.length > 0 ? `${sort}: ${choices.join(", ")}` : sort;
  const begins = first === null || first === undefined ? "" : `, default ${String(first)}`;
  return `${name} (${of})${required ? ", required" : ""}${begins}`;
}

export const hasChoices = ({ kind }: Pick<Attribute, "kind">): boolean =>
  kind === "choice" || kind === "choices";

/** An attribute to be filled in. Its id is made from its name when it is saved first, and stays from then on. */
export const newAttribute = (): Attribute => ({
  id: "",
  name: "",
  kind: "choice",
  choices: [],
  required: false,
  default: null,
});

/** "Weather at night" → "weather_at_night"; what has no such letters is called by a number. */
function slug(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_");
  const base = plain.replace(/^_+|_+$/g, "").slice(0, 40) || "attribute";
  let id = base;
  for (let n = 2; taken.includes(id); n++) id = `${base}_${n}`;
  return id;
}

/** As they are saved: with ids, and without what another kind would have. */
export function toSave(drafts: readonly Attribute[]): Attribute[] {
  const taken = drafts.map(({ id }) => id).filter(Boolean);
  return drafts.map((draft) => {
    const id = draft.id || slug(draft.name, taken);
    taken.push(id);
    return { ...draft, id, name: draft.name.trim(), choices: hasChoices(draft) ? draft.choices : [] };
  });
}

/** Why they cannot be saved yet, as a sentence. */
export function whyNot(drafts: readonly Attribute[]): string | null {
  const names = drafts.map(({ name }) => name.trim());
  if (names.some((name) => name === "")) return "Each attribute needs a name.";
  if (new Set(names).size < names.length) return "Two attributes have the same name.";
  const empty = drafts.find((draft) => hasChoices(draft) && draft.choices.length === 0);
  return empty ? `“${empty.name}” needs choices.` : null;
}
