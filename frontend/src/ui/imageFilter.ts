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

/** The values that a list of images can be narrowed to instead of the person who has it. */
export const NOT_PEOPLE: readonly { value: string; label: string }[] = [
  { value: "nobody", label: "Nobody's" },
  { value: "former", label: "People who left" },
];

/** A person's id, or one of those. */
const ANNOTATOR = /^(nobody|former|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** The filter in the query of an address, of the Images page or of the editor. */
export function filterOf(query: URLSearchParams): ImageFilter {
  const [q, state, annotator] = [query.get("q")?.trim(), query.get("state"), query.get("annotator")];
  return {
    ...(q && { q }),
    ...(IMAGE_STATES.some(({ value }) => value === state) && state && { state }),
    ...(annotator && ANNOTATOR.test(annotator) && { annotator }),
  };
}

/** A filter as the query of an address; "" for all images. */
export const searchOf = ({ q, state, annotator }: ImageFilter): string =>
  withQuery("", { q, state, annotator });

/** “owl”, Unassigned */
export function filterWords({ q, state, annotator }: ImageFilter): string {
  const label = IMAGE_STATES.find(({ value }) => value === state)?.label;
  const whose = annotator && (NOT_PEOPLE.find(({ value }) => value === annotator)?.label ?? "One person's");
  return [q && `“${q}”`, label, whose].filter(Boolean).join(", ");
}
