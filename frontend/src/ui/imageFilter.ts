import { withQuery } from "../server/client";
import type { ImageFilter } from "../server/images";

/** The states of work that a list of images can be narrowed to. */
export const IMAGE_STATES: readonly { value: string; label: string }[] = [
  { value: "unassigned", label: "Unassigned" },
  { value: "open", label: "Assigned" },
  { value: "submitted", label: "Submitted" },
  { value: "returned", label: "Returned" },
  { value: "skipped", label: "Skipped" },
  { value: "done", label: "Done" },
];

/** The filter in the query of an address, of the Images page or of the editor. */
export function filterOf(query: URLSearchParams): ImageFilter {
  const [q, state] = [query.get("q")?.trim(), query.get("state")];
  return { ...(q && { q }), ...(IMAGE_STATES.some(({ value }) => value === state) && state && { state }) };
}

/** A filter as the query of an address; "" for all images. */
export const searchOf = ({ q, state }: ImageFilter): string => withQuery("", { q, state });

/** “owl”, Unassigned */
export function filterWords({ q, state }: ImageFilter): string {
  const label = IMAGE_STATES.find(({ value }) => value === state)?.label;
  return [q && `“${q}”`, label].filter(Boolean).join(", ");
}
