import type { ReviewItem, SheetVerdict } from "../../../server/types";

/** Why what is bad is bad, by annotation. */
export type Marks = ReadonlyMap<string, string>;

/** Masks that are judged together: which of them is pointed at, and which are marked as bad. */
export interface Sheet {
  readonly items: readonly ReviewItem[];
  readonly at: number;
  readonly marks: Marks;
}

export type Direction = "left" | "right" | "up" | "down" | "first" | "last";

/** A sheet with the marks that are known of its masks. */
export const sheetOf = (items: readonly ReviewItem[], marks: Marks = new Map(), at = 0): Sheet => ({
  items,
  at: Math.min(Math.max(at, 0), Math.max(items.length - 1, 0)),
  marks: new Map(items.flatMap(({ id }) => (marks.has(id) ? [[id, marks.get(id) ?? ""] as const] : []))),
});

export const pointedAt = ({ items, at }: Sheet): ReviewItem | undefined => items[at];

/** One further in a grid of so many columns; stays where there is nothing that way. */
export function moved(sheet: Sheet, direction: Direction, columns: number): Sheet {
  const { items, at } = sheet;
  const last = items.length - 1;
  const to = {
    left: at - 1,
    right: at + 1,
    up: at - columns,
    // Into a shorter last row, as far as it goes.
    down: Math.floor(at / columns) < Math.floor(last / columns) ? Math.min(at + columns, last) : at,
    first: 0,
    last,
  }[direction];
  return to < 0 || to > last ? sheet : { ...sheet, at: to };
}

export function pointed(sheet: Sheet, id: string): Sheet {
  const at = sheet.items.findIndex((item) => item.id === id);
  return at < 0 ? sheet : { ...sheet, at };
}

/** What is pointed at is bad, for this reason; with null it is good again. */
export function marked(sheet: Sheet, reason: string | null): Sheet {
  const item = pointedAt(sheet);
  if (!item) return sheet;
  const marks = new Map(sheet.marks);
  if (reason === null) marks.delete(item.id);
  else marks.set(item.id, reason);
  return { ...sheet, marks };
}

/** Without some of its masks. What is pointed at stays, or what comes after it. */
export function without(sheet: Sheet, ids: ReadonlySet<string>): Sheet {
  const gone = sheet.items.slice(0, sheet.at).filter(({ id }) => ids.has(id)).length;
  return sheetOf(
    sheet.items.filter(({ id }) => !ids.has(id)),
    sheet.marks,
    sheet.at - gone,
  );
}

/** One verdict on each: what is marked is rejected, what the reviewer has mended is fixed, the rest is accepted. */
export function verdictsOf({ items, marks }: Sheet, reviewer: string): SheetVerdict[] {
  return items.map(({ id, version, created_by, updated_by }) => {
    const judged = { annotation: id, version };
    const reason = marks.get(id);
    if (reason !== undefined) return { ...judged, verdict: "rejected", reason };
    const mended = updated_by?.id === reviewer && created_by?.id !== reviewer;
    return { ...judged, verdict: mended ? "fixed" : "accepted" };
  });
}
