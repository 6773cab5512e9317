/** What the queue can be narrowed by, as the server names it and the address shows it. */
export const FILTERS = [
  "class_id",
  "annotator",
  "source",
  "size",
  "image",
  "confidence_min",
  "confidence_max",
  "confidence_unknown",
  "commented",
  "resubmission",
  "q",
] as const;

export type FilterName = (typeof FILTERS)[number];

/** As an address says them: what they mean, and whether they can be, the server knows. */
export type ReviewFilters = Readonly<Partial<Record<FilterName, string>>>;

/** What waits, or what was judged and stands so now. */
export const VERDICTS = ["waiting", "accepted", "fixed", "rejected", "policy"] as const;
export type ShownVerdict = (typeof VERDICTS)[number];

/** What the page shows of the queue. */
export interface QueueView {
  readonly filters: ReviewFilters;
  readonly verdict: ShownVerdict;
}

export function viewOf(query: URLSearchParams): QueueView {
  const named = FILTERS.flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value] as const] : [];
  });
  const verdict = VERDICTS.find((one) => one === query.get("verdict")) ?? "waiting";
  return { filters: Object.fromEntries(named), verdict };
}

/** The same view as an address's query; nothing for the whole of what waits. */
export function queryOf({ filters, verdict }: QueueView): string {
  const query = new URLSearchParams();
  for (const name of FILTERS) if (filters[name]) query.set(name, filters[name]);
  if (verdict !== "waiting") query.set("verdict", verdict);
  return query.toString();
}

export const isNarrowed = ({ filters, verdict }: QueueView): boolean =>
  verdict !== "waiting" || Object.keys(filters).length > 0;
