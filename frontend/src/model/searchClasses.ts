import type { LabelClass } from "./annotation";

/** Without accents and capitals, since nobody types them to search. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** How well a name answers a search: as its beginning, the beginning of a word in it, anywhere, or not at all. */
function rank(name: string, query: string): number {
  const text = plain(name);
  if (text.startsWith(query)) return 0;
  if (text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(query))) return 1;
  return text.includes(query) ? 2 : -1;
}

/**
 * The classes whose name has `query` in it, those that begin with it first. Of equally good ones the `recent`, which are
 * ids with the latest first, come first, then the others in the project's order.
 */
export function searchClasses(
  classes: readonly LabelClass[],
  query: string,
  recent: readonly string[] = [],
): LabelClass[] {
  const wanted = plain(query.trim());
  const places = new Map(recent.map((id, place) => [id, place]));
  const place = (id: string) => places.get(id) ?? recent.length;
  return classes
    .map((labelClass) => ({ labelClass, rank: rank(labelClass.name, wanted) }))
    .filter((found) => found.rank >= 0)
    .sort((a, b) => a.rank - b.rank || place(a.labelClass.id) - place(b.labelClass.id))
    .map(({ labelClass }) => labelClass);
}
