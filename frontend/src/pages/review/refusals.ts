import { type Refused, refusedIn } from "../../server/review";

interface About {
  readonly annotation: string;
}

/** What was done, in one answer or several, and what was not. */
interface Done<Answer> {
  readonly answers: Answer[];
  readonly refused: Refused[];
}

/** Does to all what the server does all or nothing: without what it refuses, again, until the rest is done. */
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
    if (rest.length === items.length) throw error;
    const done = await allButRefused(rest, call);
    return { ...done, refused: [...refused, ...done.refused] };
  }
}
