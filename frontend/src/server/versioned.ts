import { patch } from "./client";
import { Problem } from "./problem";

/** Something whose changes name the version that they change. */
export interface Versioned {
  readonly version: number;
}

/** New values of some fields. Of a group of settings, such as the review policy, it may have a part. */
export type Change<T> = {
  [Field in keyof T]?: T[Field] extends readonly unknown[] ? T[Field] : T[Field] | Partial<T[Field]>;
};

/** How often a change is put on top of others' before they count as a conflict. */
const MAX_ATTEMPTS = 5;

/**
 * Sends a change of `base`. If others have changed other fields in the meantime, it is sent again on top of theirs.
 * Raises `Problem` 412, with the current state, if they changed the same field.
 */
export async function patchOnTop<T extends Versioned>(
  path: string,
  base: Versioned,
  change: object,
): Promise<T> {
  let { version } = base;
  for (let attempt = 1; ; attempt++) {
    try {
      return await patch<T>(path, change, { version });
    } catch (error) {
      const current = currentOf<T>(error);
      if (!current || attempt === MAX_ATTEMPTS || clashes(base, change, current)) throw error;
      version = current.version;
    }
  }
}

/** The current state in a refusal of a stale change, or undefined for any other error. */
export function currentOf<T extends Versioned>(error: unknown): T | undefined {
  const current = error instanceof Problem && error.status === 412 ? error.body["current"] : undefined;
  return isGroup(current) ? (current as unknown as T) : undefined;
}

/** Whether a field that the change touches has become something else than what it was and than what is wanted. */
export function clashes(base: unknown, change: unknown, current: unknown): boolean {
  if (isGroup(change) && isGroup(base) && isGroup(current))
    return Object.entries(change).some(([field, wanted]) => clashes(base[field], wanted, current[field]));
  return !same(base, current) && !same(change, current);
}

/** Whether two values of a field are equal. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
