import { Problem } from "../../server/problem";
import { type Refused, refusedIn } from "../../server/review";

interface About {
  readonly annotation: string;
}

/** What was done, in one answer or several, and what was not. */
interface Done<Answer> {
  readonly answers: Answer[];
  readonly refused: Refused[];
}

/**
 * Does to all what the server does all or nothing: without what it refuses, again, until the rest is done. What is too
 * large for one request is sent in halves.
 */
export async function allButRefused<Item extends About, Answer>(
  items: readonly Item[],
  call: (items: readonly Item[]) => Promise<Answer>,
): Promise<Done<Answer>> {
  if (items.length === 0) return { answers: [], refused: [] };
  try {
    return { answers: [await call(items)], refused: [] };
  } catch (error) {
    const refused = refusedIn(error);
    const rest = items.filter(({ annotation }) => !refused.some((one) => one.annotation === annotation));
    if (isTooLarge(error) && items.length > 1) return inHalves(items, call);
    if (rest.length === items.length) throw error;
    const done = await allButRefused(rest, call);
    return { ...done, refused: [...refused, ...done.refused] };
  }
}

const isTooLarge = (error: unknown): boolean => error instanceof Problem && error.code === "too_many_bytes";

async function inHalves<Item extends About, Answer>(
  items: readonly Item[],
  call: (items: readonly Item[]) => Promise<Answer>,
): Promise<Done<Answer>> {
  const middle = Math.ceil(items.length / 2);
  const first = await allButRefused(items.slice(0, middle), call);
  const second = await allButRefused(items.slice(middle), call);
  return {
    answers: [...first.answers, ...second.answers],
    refused: [...first.refused, ...second.refused],
  };
}
