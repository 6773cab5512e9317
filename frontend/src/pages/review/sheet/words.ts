import type { Refused } from "../../../server/review";
import type { Sheet } from "./sheet";

const masks = (n: number): string => (n === 1 ? "1 mask" : `${n} masks`);

export const unseen = (loading: number): string =>
  loading > 0
    ? `${loading} of the pictures ${loading === 1 ? "is" : "are"} still on the way, so nothing was decided yet.`
    : "That came before this sheet could be looked at, so nothing was decided.";

export const leftBehind = (n: number): string =>
  `${masks(n)} without a picture ${n === 1 ? "was" : "were"} left waiting; look at ${n === 1 ? "it" : "them"} one by one.`;

/** What of a sheet stayed as it was, each with the reason; null where nothing did. */
export function stayed({ items }: Pick<Sheet, "items">, refused: readonly Refused[]): string | null {
  if (refused.length === 0) return null;
  const names = new Map(items.map(({ id, image_detail }) => [id, image_detail.name]));
  const [first, second, ...others] = refused.map(
    ({ annotation, detail }) => `${names.get(annotation) ?? "One"}: ${detail}`,
  );
  const told = [first, second, others.length > 0 && `And ${others.length} more.`].filter(Boolean).join(" ");
  return `${masks(refused.length)} of ${items.length} left out, all others done. ${told}`;
}
