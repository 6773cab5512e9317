import { same } from "../../server/versioned";

/** Typed values of a form, by field, with the values that were saved when the typing began. */
export interface Typed<Fields> {
  readonly mine: Partial<Fields>;
  readonly base: Partial<Fields>;
}

export const NOTHING_TYPED = { mine: {}, base: {} };

/** New values typed over what is saved. A value that is typed back is nobody's change. */
export function typeOver<Fields extends object>(
  typed: Typed<Fields>,
  saved: Fields,
  change: Partial<Fields>,
): Typed<Fields> {
  const [mine, base] = [{ ...typed.mine }, { ...typed.base }];
  for (const field of fieldsOf(change)) {
    if (same(change[field], saved[field])) {
      delete mine[field];
      delete base[field];
      continue;
    }
    if (!(field in mine)) base[field] = saved[field];
    mine[field] = change[field];
  }
  return { mine, base };
}

/** The fields that differ from the saved ones. */
export function changesOf<Fields extends object>({ mine }: Typed<Fields>, saved: Fields): Partial<Fields> {
  const changes: Partial<Fields> = {};
  for (const field of fieldsOf(mine)) if (!same(mine[field], saved[field])) changes[field] = mine[field];
  return changes;
}

/** The fields that somebody else has changed since, to something else than what was typed. */
export const clashesOf = <Fields extends object>(typed: Typed<Fields>, saved: Fields): (keyof Fields)[] =>
  fieldsOf(changesOf(typed, saved)).filter((field) => !same(typed.base[field], saved[field]));

/** The typed value stands, over what somebody else has saved there. */
export const keepMine = <Fields extends object>(
  { mine, base }: Typed<Fields>,
  saved: Fields,
  field: keyof Fields,
): Typed<Fields> => ({ mine, base: { ...base, [field]: saved[field] } });

/** After `sent` was saved: only what was typed since is left. */
export function settle<Fields extends object>(
  { mine, base }: Typed<Fields>,
  sent: Partial<Fields>,
): Typed<Fields> {
  const left: { mine: Partial<Fields>; base: Partial<Fields> } = { mine: { ...mine }, base: { ...base } };
  for (const field of fieldsOf(sent)) {
    if (same(mine[field], sent[field])) {
      delete left.mine[field];
      delete left.base[field];
    } else if (field in mine) left.base[field] = sent[field];
  }
  return left;
}

const fieldsOf = <Fields extends object>(fields: Partial<Fields>) => Object.keys(fields) as (keyof Fields)[];
