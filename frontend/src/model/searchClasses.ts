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

/** The classes whose name has `query` in it, those that begin with it first, else in the project's order. */
export function searchClasses(classes: readonly LabelClass[], query: string): LabelClass[] {
  const wanted = plain(query.trim());
  return classes
    .map((labelClass) => ({ labelClass, rank: rank(labelClass.name, wanted) }))
    .filter((found) => found.rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ labelClass }) => labelClass);
}
